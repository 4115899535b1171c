{{- /* A kubelet has no certificate to show: where clients need one, a probe only connects. */}}
{{- define "convexgateway.probe" -}}
{{- if .root.Values.tls.clientCASecret -}}
tcpSocket:
  port: http
{{- else -}}
httpGet:
  path: {{ .path }}
  port: http
  scheme: {{ if .root.Values.tls.existingSecret }}HTTPS{{ else }}HTTP{{ end }}
{{- end }}
{{- end }}
