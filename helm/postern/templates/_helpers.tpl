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

{{/* Cores that the JVM goes by: as many as are asked for, or 0, all of the node's, where none are. */}}
{{- define "postern.processors" -}}
{{- $asked := dig "requests" "cpu" "" .Values.resources | toString -}}
{{- if .Values.jvm.processors -}}{{ .Values.jvm.processors }}
{{- else if regexMatch "^[0-9]+m$" $asked -}}{{ max 2 (div (add (trimSuffix "m" $asked) 999) 1000) }}
{{- else if regexMatch "^[0-9]+([.][0-9]+)?$" $asked -}}{{ max 2 (ceil $asked) }}
{{- else -}}0
{{- end -}}
{{- end -}}

{{/* Seconds before SIGTERM; 0 where kubelet knows no sleep (KEP-3960: without a feature gate from 1.30). */}}
{{- define "postern.preStop" -}}
{{- ternary (int .Values.preStopSeconds) 0 (semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version) -}}
{{- end -}}

{{/* Until a gateway that shall stop has stopped: what is before SIGTERM, delay, timeout, and time to close stores. */}}
{{- define "postern.stops" -}}
{{- $drain := .Values.settings.drain | default dict -}}
{{- add (include "postern.preStop" .) (include "postern.seconds" ($drain.delay | default "0s")) (include "postern.seconds" ($drain.timeout | default "30s")) 15 -}}
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

{{/*
Every way in that others may reach, as JSON: [{name, service, bind, port, protocol, kind, devices, fixed}]. Loopback has no port. One that
takes UDP too has two, of one service. Of a fixed address, such as a tunnel's, a service knows nothing. What devices come by themselves are
listeners; collectors, context and RADIUS are told of them.
*/}}
{{- define "postern.ports" -}}
{{- $binds := list -}}
{{- range .Values.settings.listeners -}}
{{- $kind := ternary "transparent" "client" (eq .type "transparent") -}}
{{- $binds = append $binds (dict "name" .name "service" .name "bind" .bind "protocol" "TCP" "kind" $kind "devices" true) -}}
{{- if or (and (eq .type "dns") (not .tls)) (and (eq .type "transparent") .udp) -}}
{{- $udp := printf "%s-udp" (.name | trunc 11 | trimSuffix "-") -}}
{{- $binds = append $binds (dict "name" $udp "service" .name "bind" .bind "protocol" "UDP" "kind" $kind "devices" true) -}}
{{- end -}}
{{- end -}}
{{- range .Values.settings.collectors -}}
{{- $binds = append $binds (dict "name" .name "service" .name "bind" .bind "protocol" (upper .protocol) "kind" "client") -}}
{{- end -}}
{{- with .Values.settings.context -}}
{{- $binds = append $binds (dict "name" "context" "service" "context" "bind" (.bind | default "127.0.0.1:9443") "protocol" "TCP" "kind" "context") -}}
{{- end -}}
{{- with (.Values.settings.identity | default dict).radius -}}
{{- $binds = append $binds (dict "name" "radius" "service" "radius" "bind" .bind "protocol" "UDP" "kind" "client") -}}
{{- end -}}
{{- $ports := list -}}
{{- range $binds -}}
{{- if not (regexMatch "^(127\\.|\\[::1\\])" .bind) -}}
{{- $_ := set . "port" (regexFind "[0-9]+$" .bind | int) -}}
{{- $ports = append $ports (set . "fixed" (not (regexMatch "^(0[.]0[.]0[.]0|\\[::\\]):" .bind))) -}}
{{- end -}}
{{- end -}}
{{- toJson $ports -}}
{{- end -}}

{{/*
What a gateway with transparent listeners may: sockets of foreign addresses, and ports below 1024, which it answers datagrams from (those of DNS
and QUIC), or binds itself.
*/}}
{{- define "postern.capabilities" -}}
{{- $low := false -}}
{{- range .Values.settings.listeners -}}{{- if and (eq .type "transparent") .udp -}}{{- $low = true -}}{{- end -}}{{- end -}}
{{- range (include "postern.ports" .) | fromJsonArray -}}{{- if lt (int .port) 1024 -}}{{- $low = true -}}{{- end -}}{{- end -}}
{{- ternary "[NET_RAW, NET_BIND_SERVICE]" "[NET_RAW]" $low -}}
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
