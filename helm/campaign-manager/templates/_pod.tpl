{{/* Where the variables come from: the ConfigMap, the Secret, and the servers within the chart. */}}
{{- define "campaign-manager.environment" -}}
envFrom:
  - configMapRef:
      name: {{ include "campaign-manager.fullname" . }}
  - secretRef:
      name: {{ include "campaign-manager.secret" . }}
{{- $fullname := include "campaign-manager.fullname" . }}
{{- if or .Values.mongodb.enabled .Values.redis.enabled .Values.extraEnv }}
env:
  {{- if .Values.mongodb.enabled }}
  - name: MONGODB_PASSWORD
    valueFrom:
      secretKeyRef:
        name: {{ include "campaign-manager.storeSecret" (dict "root" . "store" "mongodb") }}
        key: password
  - name: MONGODB_URI
    value: mongodb://campaign:$(MONGODB_PASSWORD)@{{ $fullname }}-mongodb:27017/?authSource=admin
  {{- end }}
  {{- if .Values.redis.enabled }}
  - name: REDIS_PASSWORD
    valueFrom:
      secretKeyRef:
        name: {{ include "campaign-manager.storeSecret" (dict "root" . "store" "redis") }}
        key: password
  - name: REDIS_URL
    value: redis://:$(REDIS_PASSWORD)@{{ $fullname }}-redis:6379
  {{- end }}
  {{- with .Values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* What the pods of our image have in common. Takes {root, component}. */}}
{{- define "campaign-manager.podCommon" -}}
{{- $values := index .root.Values .component -}}
serviceAccountName: {{ include "campaign-manager.serviceAccount" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  {{- with .root.Values.runAsUser }}
  runAsUser: {{ int64 . }}
  runAsGroup: {{ int64 . }}
  {{- end }}
  seccompProfile:
    type: RuntimeDefault
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 64Mi
  {{- with .root.Values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* A container of our image. Takes {root, component, args}. */}}
{{- define "campaign-manager.container" -}}
image: {{ include "campaign-manager.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: {{ toJson .args }}
{{ include "campaign-manager.environment" .root }}
securityContext:
  {{- include "campaign-manager.containerSecurity" . | nindent 2 }}
resources:
  {{- include "campaign-manager.resources" . | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- with .root.Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/*
A worker runs WORKER_THREADS processes, each of which needs its share. Where CPU decides how many workers there are, the
request is what a process can use at most: about a core. A share of less would be passed at work of any kind. Takes
{root, component}.
*/}}
{{- define "campaign-manager.resources" -}}
{{- $given := (index .root.Values .component).resources -}}
{{- if or $given (ne .component "worker") -}}
{{- toYaml $given -}}
{{- else -}}
{{- $processes := include "campaign-manager.workerProcesses" .root -}}
requests:
  cpu: {{ mul (ternary 1000 100 (eq .root.Values.autoscaling.type "cpu")) $processes }}m
  memory: {{ mul 192 $processes }}Mi
limits:
  memory: {{ mul 512 $processes }}Mi
{{- end -}}
{{- end -}}

{{/*
Seconds until Kubernetes kills a pod: what the app takes at most to finish (SHUTDOWN_TIMEOUT_SECONDS), the pause before
it is told to stop, and 10 to spare. Takes {root, pause}.
*/}}
{{- define "campaign-manager.gracePeriod" -}}
{{- $timeout := include "campaign-manager.text" .root.Values.config.SHUTDOWN_TIMEOUT_SECONDS | default "30" -}}
{{- add (ceil (float64 $timeout) | int) .pause 10 -}}
{{- end -}}
