{{/*
A small server of one pod with its Service and Secret. Takes {root, store, port, container}: `container` names the
template of its container.
*/}}
{{- define "campaign-manager.store" -}}
{{- $values := index .root.Values .store -}}
{{- $name := printf "%s-%s" (include "campaign-manager.fullname" .root) .store -}}
{{- $labels := dict "root" .root "component" .store -}}
{{- if not $values.existingSecret }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ $name }}
  labels:
    {{- include "campaign-manager.labels" $labels | nindent 4 }}
  {{- if $values.persistence.enabled }}
  annotations:
    # The volume stays when the release goes, and whoever installs it again needs the password.
    helm.sh/resource-policy: keep
  {{- end }}
type: Opaque
data:
  password: {{ include "campaign-manager.kept" (dict "root" .root "secret" $name "key" "password") | quote }}
---
{{- end }}
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels:
    {{- include "campaign-manager.labels" $labels | nindent 4 }}
spec:
  clusterIP: None
  selector:
    {{- include "campaign-manager.selector" $labels | nindent 4 }}
  ports:
    - name: {{ .store }}
      port: {{ .port }}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ $name }}
  labels:
    {{- include "campaign-manager.labels" $labels | nindent 4 }}
spec:
  replicas: 1
  serviceName: {{ $name }}
  selector:
    matchLabels:
      {{- include "campaign-manager.selector" $labels | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "campaign-manager.labels" $labels | nindent 8 }}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      {{- with .root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      # The user and the group of the official images.
      securityContext:
        runAsNonRoot: true
        runAsUser: 999
        runAsGroup: 999
        fsGroup: 999
        fsGroupChangePolicy: OnRootMismatch
        seccompProfile:
          type: RuntimeDefault
      terminationGracePeriodSeconds: 60
      containers:
        - name: {{ .store }}
          image: {{ $values.image }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          {{- include .container . | nindent 10 }}
          ports:
            - name: {{ .store }}
              containerPort: {{ .port }}
          securityContext:
            {{- include "campaign-manager.containerSecurity" . | nindent 12 }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
      volumes:
        - name: tmp
          emptyDir: {}
        {{- if not $values.persistence.enabled }}
        - name: data
          emptyDir: {}
        {{- end }}
  {{- with $values.persistence }}
  {{- if .enabled }}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        {{- with .storageClassName }}
        storageClassName: {{ . }}
        {{- end }}
        resources:
          requests:
            storage: {{ .size }}
  {{- end }}
  {{- end }}
{{- end -}}
