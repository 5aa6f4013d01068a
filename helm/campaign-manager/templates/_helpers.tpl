{{/* What all names begin with; 40 characters leave room for what follows. */}}
{{- define "campaign-manager.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels by which objects are selected; they never change. Takes {root, component}. */}}
{{- define "campaign-manager.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride | trunc 63 }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{/* All labels. Takes {root, component}. */}}
{{- define "campaign-manager.labels" -}}
{{ include "campaign-manager.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "campaign-manager.serviceAccount" -}}
{{- default (ternary (include "campaign-manager.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "campaign-manager.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}{{ .repository }}@{{ .digest }}
{{- else -}}{{ .repository }}:{{ include "campaign-manager.text" .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The Secret that the apps read. */}}
{{- define "campaign-manager.secret" -}}
{{- default (include "campaign-manager.fullname" .) .Values.existingSecret -}}
{{- end -}}

{{/* The value of a variable as text, or nothing. YAML's numbers arrive as floats, which would be printed as 1e+06. */}}
{{- define "campaign-manager.text" -}}
{{- if kindIs "invalid" . -}}
{{- else if kindIs "map" . -}}{{ toJson . }}
{{- else if kindIs "float64" . -}}{{ if eq . (floor .) }}{{ int64 . }}{{ else }}{{ . }}{{ end }}
{{- else -}}{{ . | toString | trim }}
{{- end -}}
{{- end -}}

{{/* The data of the ConfigMap: every variable that has a value. */}}
{{- define "campaign-manager.config" -}}
{{- range $name, $value := .Values.config }}
{{- with include "campaign-manager.text" $value }}
{{ $name }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "campaign-manager.metricsPort" -}}
{{- include "campaign-manager.text" .Values.config.METRICS_PORT | default "9090" | float64 | int -}}
{{- end -}}

{{- define "campaign-manager.apiPort" -}}
{{- include "campaign-manager.text" .Values.config.API_PORT | default "3000" | float64 | int -}}
{{- end -}}

{{/* How many processes a worker pod runs. */}}
{{- define "campaign-manager.workerProcesses" -}}
{{- include "campaign-manager.text" .Values.config.WORKER_THREADS | default "1" | float64 | int -}}
{{- end -}}

{{/* How many jobs of a queue a worker pod works on at once. */}}
{{- define "campaign-manager.workerJobs" -}}
{{- $tasks := include "campaign-manager.text" .Values.config.WORKER_CONCURRENT_TASKS | default "16" | float64 | int -}}
{{- mul $tasks (include "campaign-manager.workerProcesses" .) -}}
{{- end -}}

{{/* The port of the listener for inbound mail, or nothing. */}}
{{- define "campaign-manager.inboundPort" -}}
{{- with include "campaign-manager.text" .Values.config.INBOUND_SMTP_PORT -}}{{ . | float64 | int }}{{- end -}}
{{- end -}}

{{/* The restricted level of the Pod Security Standards, for a container. */}}
{{- define "campaign-manager.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* The name of a server's Secret within the chart. Takes {root, store}. */}}
{{- define "campaign-manager.storeSecret" -}}
{{- default (printf "%s-%s" (include "campaign-manager.fullname" .root) .store) (index .root.Values .store).existingSecret -}}
{{- end -}}

{{/*
A generated text that upgrades keep: what the Secret holds already, else a new one. Takes {root, secret, key}.
*/}}
{{- define "campaign-manager.kept" -}}
{{- $found := lookup "v1" "Secret" .root.Release.Namespace .secret -}}
{{- dig "data" .key (randAlphaNum 40 | b64enc) $found -}}
{{- end -}}
