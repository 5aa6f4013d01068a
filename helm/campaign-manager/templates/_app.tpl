{{/*
The Deployment of an app. Takes {root, component, ports, pause, scaled}: `ports` beside that of metrics, by name; `pause`
in seconds between the moment at which a pod is taken out of its Service and the one at which it is told to stop;
`scaled` where something else decides how many pods there are.
*/}}
{{- define "campaign-manager.app" -}}
{{- $values := index .root.Values .component -}}
{{- $pause := default 0 .pause -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "campaign-manager.fullname" .root }}-{{ .component }}
  labels:
    {{- include "campaign-manager.labels" . | nindent 4 }}
spec:
  {{- if not .scaled }}
  replicas: {{ int $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      {{- include "campaign-manager.selector" . | nindent 6 }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  template:
    metadata:
      labels:
        {{- include "campaign-manager.labels" . | nindent 8 }}
        campaign-manager/metrics: "true"
      annotations:
        checksum/config: {{ include "campaign-manager.config" .root | sha256sum }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "campaign-manager.podCommon" . | nindent 6 }}
      terminationGracePeriodSeconds: {{ include "campaign-manager.gracePeriod" (dict "root" .root "pause" $pause) }}
      topologySpreadConstraints:
        {{- if $values.topologySpreadConstraints }}
        {{- toYaml $values.topologySpreadConstraints | nindent 8 }}
        {{- else }}
        {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
        - topologyKey: {{ . }}
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          matchLabelKeys: [pod-template-hash]
          labelSelector:
            matchLabels:
              {{- include "campaign-manager.selector" $ | nindent 14 }}
        {{- end }}
        {{- end }}
      containers:
        - name: {{ .component }}
          {{- include "campaign-manager.container" (dict "root" .root "component" .component "args" (list .component)) | nindent 10 }}
          ports:
            - name: metrics
              containerPort: {{ include "campaign-manager.metricsPort" .root }}
            {{- range $name, $port := .ports }}
            - name: {{ $name }}
              containerPort: {{ $port }}
            {{- end }}
          {{- with .pause }}
          lifecycle:
            preStop:
              sleep:
                seconds: {{ . }}
          {{- end }}
          # Whether MongoDB and Redis are there is for readiness alone: to start again would not bring them back.
          startupProbe:
            httpGet: { path: /health/live, port: metrics }
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /health/live, port: metrics }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /health/ready, port: metrics }
            periodSeconds: 5
            timeoutSeconds: 5
{{- end -}}
