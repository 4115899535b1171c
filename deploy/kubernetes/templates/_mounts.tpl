{{- /* What the chart itself mounts, as YAML: {mounts: [{name, path, secret or configMap}]}. */}}
{{- define "convexgateway.mounts" -}}
mounts:
  {{- with .Values.tls.existingSecret }}
  - {name: tls, path: /etc/convexgateway/tls, secret: {{ . | quote }}}
  {{- end }}
  {{- with .Values.tls.clientCASecret }}
  - {name: client-ca, path: /etc/convexgateway/client-ca, secret: {{ . | quote }}}
  {{- end }}
  {{- with .Values.nats.credsSecret }}
  - {name: nats, path: /etc/convexgateway/nats, secret: {{ . | quote }}}
  {{- end }}
  {{- with .Values.caBundle.secret }}
  - {name: ca-bundle, path: /etc/convexgateway/ca, secret: {{ . | quote }}}
  {{- end }}
  {{- with .Values.caBundle.configMap }}
  - {name: ca-bundle, path: /etc/convexgateway/ca, configMap: {{ . | quote }}}
  {{- end }}
{{- end }}
