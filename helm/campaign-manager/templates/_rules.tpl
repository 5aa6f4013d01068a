{{/*
The groups of files/rules.yaml, for this release alone: every selector, and every alert, has its namespace. What others
install in the same Prometheus is none of our business, and ours none of theirs.
*/}}
{{- define "campaign-manager.rules" -}}
{{- $namespace := .Release.Namespace -}}
{{- $groups := (.Files.Get "files/rules.yaml" | fromYaml).groups -}}
{{- range $groups -}}
{{- range $rule := .rules -}}
{{- $narrowed := regexReplaceAll `\b(?:communication|nodejs|process)_\w+` $rule.expr (printf `${0}{namespace=%q}` $namespace) -}}
{{- $_ := set $rule "expr" (replace "}{" ", " $narrowed) -}}
{{- $_ := set $rule "labels" (merge (dict "namespace" $namespace) (default dict $rule.labels)) -}}
{{- with $.Values.monitoring.runbookUrl -}}
{{- if $rule.annotations -}}
{{- $_ := set $rule.annotations "runbook_url" (replace "docs/operations.md" . $rule.annotations.runbook_url) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end -}}
