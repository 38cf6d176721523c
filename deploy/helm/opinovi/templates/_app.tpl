{{- define "opinovi.env" -}}
envFrom:
  - secretRef: { name: {{ .Values.envSecret }} }
env:
  - { name: OPINOVI_PRODUCTION, value: "1" }
  - { name: OPINOVI_HOME, value: /var/lib/opinovi }
  - { name: OPINOVI_STATIC, value: /var/lib/opinovi/static }
  - { name: OPINOVI_HOSTS, value: {{ .Values.host | quote }} }
  - { name: OPINOVI_URL, value: {{ printf "https://%s" .Values.host | quote }} }
  {{- with .Values.redisUrl }}
  - { name: OPINOVI_REDIS_URL, value: {{ . | quote }} }
  {{- end }}
  {{- with .Values.files }}
  - { name: OPINOVI_FILES, value: {{ .url | quote }} }
  - { name: OPINOVI_FILES_ENDPOINT, value: {{ .endpoint | quote }} }
  {{- end }}
  {{- with .Values.standbyUrl }}
  - { name: OPINOVI_STANDBY_URL, value: {{ . | quote }} }
  {{- end }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
volumeMounts:
  - { name: home, mountPath: /var/lib/opinovi }
  - { name: tmp, mountPath: /tmp }
{{- end }}
{{- define "opinovi.pod" -}}
securityContext: { runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001, seccompProfile: { type: RuntimeDefault } }
automountServiceAccountToken: false
{{- end }}
{{- define "opinovi.volumes" -}}
- { name: home, emptyDir: {} }
- { name: tmp, emptyDir: {} }
{{- end }}
