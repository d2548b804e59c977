{{/* What the values say that cannot work: all of it at once, as what it is and what it must be. */}}
{{- define "postern.checks" -}}
{{- $problems := list -}}
{{- $v := .Values -}}
{{- $settings := $v.settings -}}
{{- $admin := $settings.admin | default dict -}}

{{- $bind := $admin.bind | default "127.0.0.1:9090" -}}
{{- if regexMatch "^(127\\.|\\[::1\\])" $bind -}}
{{- $problems = append $problems (printf "settings.admin.bind: is %s, must be an address that probes and Prometheus reach, such as 0.0.0.0:9090" $bind) -}}
{{- end -}}
{{- if eq (($admin.tls | default dict) | dig "client-auth" "none") "require" -}}
{{- $problems = append $problems "settings.admin.tls.client-auth: is require, must be optional or none: probes show no certificate" -}}
{{- end -}}

{{- if and $v.monitoring.serviceMonitor.enabled $admin.tls (not $v.monitoring.serviceMonitor.tlsConfig) -}}
{{- $problems = append $problems "monitoring.serviceMonitor.tlsConfig: is empty, must have serverName, a name of the certificate of settings.admin.tls, and ca: Prometheus asks pods by their addresses" -}}
{{- end -}}

{{- $names := dict -}}
{{- $served := dict -}}
{{- range (include "postern.ports" .) | fromJsonArray -}}
{{- if not (regexMatch "^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$" .name) -}}
{{- $problems = append $problems (printf "settings: the name %s cannot be that of a port in Kubernetes, must be 1 to 15 of a-z 0-9 -" .name) -}}
{{- end -}}
{{- if or (hasKey $names .name) (has .name (list "admin" "pods")) -}}
{{- $problems = append $problems (printf "settings: the name %s is taken, must be another" .name) -}}
{{- end -}}
{{- if eq (int .port) 0 -}}
{{- $problems = append $problems (printf "settings: the port of %s is left to the system, must be a number" .name) -}}
{{- end -}}
{{- if and (lt (int .port) 1024) (not (include "postern.transparent" $)) -}}
{{- $problems = append $problems (printf "settings: %s binds port %d, must be 1024 or more: gateways are not root; services.%s.port may be any" .service (int .port) .service) -}}
{{- end -}}
{{- $_ := set $names .name . -}}
{{- $_ := set $served .service . -}}
{{- end -}}
{{- range $name, $service := $v.services -}}
{{- if not (hasKey $served $name) -}}
{{- $problems = append $problems (printf "services.%s: there is no such way in, must be one of %s" $name (keys $served | sortAlpha | join ", ")) -}}
{{- else if eq (index $served $name).kind "transparent" -}}
{{- $problems = append $problems (printf "services.%s: is transparent, must be none: flows come to it by their tunnel" $name) -}}
{{- else if (index $served $name).fixed -}}
{{- $problems = append $problems (printf "services.%s: binds one fixed address, must be none: a service leads to a pod's own, such as 0.0.0.0 or [::]" $name) -}}
{{- end -}}
{{- if and $service.externalTrafficPolicy (not (has ($service.type | default "ClusterIP") (list "NodePort" "LoadBalancer"))) -}}
{{- $problems = append $problems (printf "services.%s.externalTrafficPolicy: is given, must be none unless type is NodePort or LoadBalancer" $name) -}}
{{- end -}}
{{- if and $service.nodePort (not (has ($service.type | default "ClusterIP") (list "NodePort" "LoadBalancer"))) -}}
{{- $problems = append $problems (printf "services.%s.nodePort: is given, must be none unless type is NodePort or LoadBalancer" $name) -}}
{{- end -}}
{{- $affinity := $service.sessionAffinity | default dict -}}
{{- if and $affinity.timeoutSeconds (eq (dig "type" (ternary "ClientIP" "None" (dig $name "devices" false $served)) $affinity) "None") -}}
{{- $problems = append $problems (printf "services.%s.sessionAffinity.timeoutSeconds: is given, must be none unless type is ClientIP" $name) -}}
{{- end -}}
{{- end -}}
{{- range $settings.listeners -}}
{{- if and (eq .type "socks5") .udp (not $v.hostNetwork) -}}
{{- $problems = append $problems (printf "settings: %s has udp, must be false without hostNetwork: UDP ASSOCIATE answers with a port of the pod, which no service translates" .name) -}}
{{- end -}}
{{- end -}}

{{- $mounted := keys $v.secrets -}}
{{- range (regexFindAll "/etc/postern/secrets/[^/\"\\s]*" (toJson $settings) -1) | uniq -}}
{{- $folder := base . -}}
{{- if not (has $folder $mounted) -}}
{{- $problems = append $problems (printf "secrets.%s: is not there, must name the Secret that settings reads at %s" $folder .) -}}
{{- end -}}
{{- end -}}

{{- $storage := $v.state.storage -}}
{{- $of := dict "claim" "StatefulSet" "existing-claim" "Deployment" "host-path" "DaemonSet" -}}
{{- if and (hasKey $of $storage) (ne (get $of $storage) $v.workload) -}}
{{- $problems = append $problems (printf "state.storage: is %s, must be another where workload is %s: it is for a %s" $storage $v.workload (get $of $storage)) -}}
{{- end -}}
{{- if eq $storage "existing-claim" -}}
{{- if not $v.state.claimName -}}
{{- $problems = append $problems "state.claimName: is empty, must name the claim" -}}
{{- end -}}
{{- if or (gt (int $v.replicas) 1) $v.autoscaling.enabled -}}
{{- $problems = append $problems "replicas: is more than one on one claim, must be 1 and autoscaling off: the store is one process's" -}}
{{- end -}}
{{- end -}}
{{- if and (eq $storage "host-path") (not $v.state.path) -}}
{{- $problems = append $problems "state.path: is empty, must be a folder of the nodes" -}}
{{- end -}}
{{- if and (eq $storage "host-path") (not (include "postern.transparent" .)) (not $v.state.pathOwned) -}}
{{- $problems = append $problems "state.pathOwned: is false, must be true once the folder is there on each node and is 10001's, mode 0700: Kubernetes makes it root's, and gateways run as 10001" -}}
{{- end -}}
{{- if not (hasPrefix "/var/lib/postern/" (($settings.state | default dict).dir | default "var")) -}}
{{- $problems = append $problems "settings.state.dir: is elsewhere, must be below /var/lib/postern, all else is read-only" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (eq $v.workload "DaemonSet") -}}
{{- $problems = append $problems "autoscaling.enabled: is true, must be false for a DaemonSet" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (not (or $v.autoscaling.cpu $v.autoscaling.flows $v.autoscaling.eventLoopLag)) -}}
{{- $problems = append $problems "autoscaling: has nothing to go by, must have one of cpu, flows and eventLoopLag" -}}
{{- end -}}
{{- if lt (int $v.autoscaling.maxReplicas) (int $v.autoscaling.minReplicas) -}}
{{- $problems = append $problems (printf "autoscaling.maxReplicas: is %d, must be at least minReplicas, %d" (int $v.autoscaling.maxReplicas) (int $v.autoscaling.minReplicas)) -}}
{{- end -}}

{{- $transparent := include "postern.transparent" . -}}
{{- if and $transparent (not $v.transparent.interfaces) -}}
{{- $problems = append $problems (printf "transparent.interfaces: is empty, must name the tunnel's: %sis transparent" $transparent) -}}
{{- end -}}
{{- if and $v.transparent.interfaces (not $transparent) -}}
{{- $problems = append $problems "transparent.interfaces: is given, must be none: no listener of settings is transparent" -}}
{{- end -}}
{{- if and $transparent $v.image.digest (not $v.transparent.image) -}}
{{- $problems = append $problems "transparent.image: is empty, must be given where image.digest is: a tag may be of another build" -}}
{{- end -}}

{{- if and $v.policy.files $v.policy.existingConfigMap -}}
{{- $problems = append $problems "policy: has files and existingConfigMap, must have one of them" -}}
{{- end -}}
{{- if and (($settings.policy | default dict).managed) (or $v.policy.files $v.policy.existingConfigMap) -}}
{{- $problems = append $problems "policy: is given, must be none: settings.policy.managed has the gateway keep it" -}}
{{- end -}}

{{- $least := int (include "postern.stops" .) -}}
{{- if and $v.terminationGracePeriodSeconds (lt (int $v.terminationGracePeriodSeconds) $least) -}}
{{- $problems = append $problems (printf "terminationGracePeriodSeconds: is %d, must be 0 or at least %d: preStopSeconds, drain.delay, drain.timeout and 15 s for closing" (int $v.terminationGracePeriodSeconds) $least) -}}
{{- end -}}

{{- $memory := include "postern.mebibytes" (dig "limits" "memory" "" $v.resources | toString) -}}
{{- if not $memory -}}
{{- $problems = append $problems "resources.limits.memory: is not in Mi or Gi, must be: the JVM's shares are taken from it" -}}
{{- else if lt (int $memory) 512 -}}
{{- $problems = append $problems "resources.limits.memory: is less than 512Mi, must be at least that" -}}
{{- end -}}
{{- $requested := include "postern.mebibytes" (dig "requests" "memory" "" $v.resources | toString) -}}
{{- if and $memory $requested (gt (int $requested) (int $memory)) -}}
{{- $problems = append $problems (printf "resources.requests.memory: is more than the limit, %dMi, must be at most that" (int $memory)) -}}
{{- end -}}
{{- if gt (add (int $v.jvm.heapShare) (int $v.jvm.directShare)) 85 -}}
{{- $problems = append $problems (printf "jvm: heapShare and directShare come to %d, must be 85 or less: the JVM needs the rest" (add (int $v.jvm.heapShare) (int $v.jvm.directShare))) -}}
{{- end -}}

{{- if $problems -}}
{{- fail (printf "\n%s\n" (join "\n" $problems)) -}}
{{- end -}}
{{- end -}}
