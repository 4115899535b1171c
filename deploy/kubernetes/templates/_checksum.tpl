{{- /* A hash of the versions of the secrets and config maps that a pod reads at its start only, so that an upgrade after one has changed
starts new pods. Versions, because a hash of short secrets could be reversed. Empty where Helm has no access to the cluster. */}}
{{- define "convexgateway.checksum" -}}
{{- $read := list }}
{{- range list .Values.existingSecret .Values.tls.clientCASecret .Values.caBundle.secret }}
{{- with . }}{{ $read = append $read (list "Secret" .) }}{{ end }}
{{- end }}
{{- with .Values.caBundle.configMap }}{{ $read = append $read (list "ConfigMap" .) }}{{ end }}
{{- range .Values.extraEnvFrom }}
{{- with .secretRef }}{{ $read = append $read (list "Secret" .name) }}{{ end }}
{{- with .configMapRef }}{{ $read = append $read (list "ConfigMap" .name) }}{{ end }}
{{- end }}
{{- $versions := list }}
{{- range $read }}
{{- with lookup "v1" (first .) $.Release.Namespace (last .) }}
{{- $versions = append $versions (printf "%s/%s/%s" .kind .metadata.name .metadata.resourceVersion) }}
{{- end }}
{{- end }}
{{- with $versions }}{{ join "\n" . | sha256sum }}{{ end }}
{{- end }}
