{{- /* What the chart itself mounts, as YAML: {mounts: [{name, path, source}]}. */}}
{{- define "convexgateway.mounts" -}}
mounts:
  {{- with .Values.tls.existingSecret }}
  - {name: tls, path: /etc/convexgateway/tls, source: {secret: {secretName: {{ . | quote }}, defaultMode: 0440}}}
  {{- end }}
  {{- with .Values.tls.clientCASecret }}
  - {name: client-ca, path: /etc/convexgateway/client-ca, source: {secret: {secretName: {{ . | quote }}, defaultMode: 0440}}}
  {{- end }}
  {{- with .Values.nats.credsSecret }}
  - {name: nats, path: /etc/convexgateway/nats, source: {secret: {secretName: {{ . | quote }}, defaultMode: 0440}}}
  {{- end }}
  {{- with .Values.caBundle.secret }}
  - {name: ca-bundle, path: /etc/convexgateway/ca, source: {secret: {secretName: {{ . | quote }}, defaultMode: 0440}}}
  {{- end }}
  {{- with .Values.caBundle.configMap }}
  - {name: ca-bundle, path: /etc/convexgateway/ca, source: {configMap: {name: {{ . | quote }}}}}
  {{- end }}
  {{- with .Values.api.volume }}
  - {name: api, path: /etc/convexgateway/api, source: {{ toJson . }}}
  {{- end }}
{{- end }}
