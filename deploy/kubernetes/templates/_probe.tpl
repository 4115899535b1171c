{{- define "convexgateway.probe" -}}
httpGet:
  path: {{ .path }}
  port: http
  scheme: {{ if .root.Values.tls.existingSecret }}HTTPS{{ else }}HTTP{{ end }}
{{- end }}
