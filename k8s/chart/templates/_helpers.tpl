{{/* The run, which is the instance of all labels. */}}
{{- define "drumline.name" -}}
{{- $name := .Values.name | default .Release.Name -}}
{{- if not (regexMatch "^([a-z]([a-z0-9-]{0,34}[a-z0-9])?)?$" $name) -}}
{{- fail (printf "name: %q must have at most 36 lowercase letters, digits and -, and begin with a letter; it is the name of the release unless --set name=… gives another" $name) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{/* The beginning of all names. */}}
{{- define "drumline.fullName" -}}
{{- $name := include "drumline.name" . -}}
{{- if or (eq $name "drumline") (hasPrefix "drumline-" $name) -}}
{{- $name -}}
{{- else -}}
drumline-{{ $name }}
{{- end -}}
{{- end -}}

{{- define "drumline.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" -}}
{{- end -}}
