{{/* What several values must say together. Each failure names the values and what to do. */}}
{{- define "campaign-manager.checks" -}}
{{- $secret := dict -}}
{{- if .Values.existingSecret -}}
{{- $secret = dig "data" dict (lookup "v1" "Secret" .Release.Namespace .Values.existingSecret) -}}
{{- end -}}
{{- range $store, $variable := dict "mongodb" "MONGODB_URI" "redis" "REDIS_URL" -}}
{{- $inConfig := include "campaign-manager.text" (index $.Values.config $variable) -}}
{{- $inChart := (index $.Values $store).enabled -}}
{{- /* A Secret that cannot be seen, as in `helm template`, gets the benefit of the doubt. */ -}}
{{- $inSecret := and $.Values.existingSecret (or (not $secret) (hasKey $secret $variable)) -}}
{{- if and $inChart $inConfig -}}
{{- fail (printf "\n\n%s.enabled is true and config.%s is set, but only one of them can count: remove one." $store $variable) -}}
{{- end -}}
{{- if and $inChart (hasKey $secret $variable) -}}
{{- fail (printf "\n\n%s.enabled is true and the Secret %s has %s, but only one of them can count: remove one." $store $.Values.existingSecret $variable) -}}
{{- end -}}
{{- if not (or $inChart $inConfig $inSecret) -}}
{{- fail (printf "\n\n%s is missing: set config.%s (without a password), or put it into the Secret that existingSecret names, or set %s.enabled=true for a trial." $variable $variable $store) -}}
{{- end -}}
{{- end -}}
{{- with .Values.autoscaling -}}
{{- if and (ne .type "none") (gt (int .minReplicas) (int .maxReplicas)) -}}
{{- fail (printf "\n\nautoscaling.minReplicas is %d, but must be at most autoscaling.maxReplicas, which is %d." (int .minReplicas) (int .maxReplicas)) -}}
{{- end -}}
{{- $given := $.Values.worker.resources -}}
{{- if and (eq .type "cpu") $given (not (dig "requests" "cpu" (dig "limits" "cpu" "" $given) $given)) -}}
{{- fail "\n\nautoscaling.type is \"cpu\", which needs worker.resources.requests.cpu where worker.resources is set: it is a share of the request." -}}
{{- end -}}
{{- if and (eq .type "keda") (not .prometheusAddress) -}}
{{- fail "\n\nautoscaling.type is \"keda\", which needs autoscaling.prometheusAddress, but it is not set." -}}
{{- end -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) -}}
{{- fail "\n\ningress.enabled is true, which needs ingress.host, but it is not set." -}}
{{- end -}}
{{- $metrics := include "campaign-manager.text" .Values.config.ENABLE_METRICS | lower -}}
{{- if and .Values.monitoring.serviceMonitor.enabled (has $metrics (list "false" "0" "no")) -}}
{{- fail "\n\nmonitoring.serviceMonitor.enabled is true, but config.ENABLE_METRICS turns metrics off: change one." -}}
{{- end -}}
{{- end -}}

{{/* Fails where the cluster does not know an API. Takes {root, api, value, what}. */}}
{{- define "campaign-manager.needsApi" -}}
{{- if not (.root.Capabilities.APIVersions.Has .api) -}}
{{- fail (printf "\n\n%s needs %s, but the cluster does not know %s: install it first." .value .what .api) -}}
{{- end -}}
{{- end -}}
