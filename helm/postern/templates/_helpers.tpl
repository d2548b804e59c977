{{- define "postern.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "postern.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "postern.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "postern.selectorLabels" . }}
{{- end -}}

{{- define "postern.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "postern.networkImage" -}}
{{- .Values.transparent.image | default (printf "%s:%s-network" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion)) -}}
{{- end -}}

{{- define "postern.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "postern.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end -}}

{{/* "1m" in whole seconds, rounded up; the product's durations: a whole number of ms, s, m, h or d. */}}
{{- define "postern.seconds" -}}
{{- $number := regexFind "^[0-9]+" . | int64 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- if eq $unit "ms" -}}{{ div (add $number 999) 1000 }}
{{- else if eq $unit "s" -}}{{ $number }}
{{- else if eq $unit "m" -}}{{ mul $number 60 }}
{{- else if eq $unit "h" -}}{{ mul $number 3600 }}
{{- else -}}{{ mul $number 86400 }}
{{- end -}}
{{- end -}}

{{/* A quantity of memory in MiB; empty when it is neither Mi nor Gi. */}}
{{- define "postern.mebibytes" -}}
{{- if regexMatch "^[0-9]+Gi$" . -}}{{ mul (trimSuffix "Gi" .) 1024 }}
{{- else if regexMatch "^[0-9]+Mi$" . -}}{{ trimSuffix "Mi" . }}
{{- end -}}
{{- end -}}

{{/* Until a gateway that was told to stop has stopped: delay, timeout, and time to close stores. */}}
{{- define "postern.stops" -}}
{{- $drain := .Values.settings.drain | default dict -}}
{{- add (include "postern.seconds" ($drain.delay | default "0s")) (include "postern.seconds" ($drain.timeout | default "30s")) 15 -}}
{{- end -}}

{{- define "postern.grace" -}}
{{- .Values.terminationGracePeriodSeconds | default (include "postern.stops" .) -}}
{{- end -}}

{{- define "postern.adminScheme" -}}
{{- if (.Values.settings.admin | default dict).tls -}}HTTPS{{- else -}}HTTP{{- end -}}
{{- end -}}

{{- define "postern.adminPort" -}}
{{- regexFind "[0-9]+$" ((.Values.settings.admin | default dict).bind | default "") -}}
{{- end -}}

{{/* Whether any listener is transparent: its name, or nothing. */}}
{{- define "postern.transparent" -}}
{{- range .Values.settings.listeners }}{{ if eq .type "transparent" }}{{ .name }} {{ end }}{{ end -}}
{{- end -}}

{{/* Every way in that others may reach, as JSON: [{name, port, protocol, kind}]. Loopback has no port. */}}
{{- define "postern.ports" -}}
{{- $ports := list -}}
{{- range .Values.settings.listeners -}}
{{- if not (regexMatch "^(127\\.|\\[::1\\])" .bind) -}}
{{- $port := regexFind "[0-9]+$" .bind | int -}}
{{- $kind := ternary "transparent" "client" (eq .type "transparent") -}}
{{- $ports = append $ports (dict "name" .name "port" $port "protocol" "TCP" "kind" $kind) -}}
{{- end -}}
{{- end -}}
{{- range .Values.settings.collectors -}}
{{- if not (regexMatch "^(127\\.|\\[::1\\])" .bind) -}}
{{- $ports = append $ports (dict "name" .name "port" (regexFind "[0-9]+$" .bind | int) "protocol" (upper .protocol) "kind" "client") -}}
{{- end -}}
{{- end -}}
{{- with .Values.settings.context -}}
{{- if not (regexMatch "^(127\\.|\\[::1\\])" (.bind | default "127.0.0.1:9443")) -}}
{{- $ports = append $ports (dict "name" "context" "port" (regexFind "[0-9]+$" .bind | int) "protocol" "TCP" "kind" "context") -}}
{{- end -}}
{{- end -}}
{{- with (.Values.settings.identity | default dict).radius -}}
{{- $ports = append $ports (dict "name" "radius" "port" (regexFind "[0-9]+$" .bind | int) "protocol" "UDP" "kind" "client") -}}
{{- end -}}
{{- toJson $ports -}}
{{- end -}}

{{- define "postern.mounts" -}}
- name: settings
  mountPath: /etc/postern/postern.yaml
  # Of one file: a change of it restarts the gateway, so that it need not follow.
  subPath: postern.yaml
  readOnly: true
- name: policy
  mountPath: /etc/postern/policy
  readOnly: true
{{- range $folder, $secret := .Values.secrets }}
- name: secret-{{ $folder }}
  mountPath: /etc/postern/secrets/{{ $folder }}
  readOnly: true
{{- end }}
- name: tmp
  mountPath: /tmp
- name: state
  mountPath: /var/lib/postern
{{- end -}}
