{{- define "convexgateway.label" -}}
{{ .Values.nameOverride | default .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "convexgateway.name" -}}
{{- $label := include "convexgateway.label" . }}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains $label .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name $label | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "convexgateway.selector" -}}
app.kubernetes.io/name: {{ include "convexgateway.label" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "convexgateway.labels" -}}
{{ include "convexgateway.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
