package io.postern.gateway.real;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** unbound and BIND, serving at loopback until they are closed; what they read and write is in the test's folder. */
final class NameServers {

    private NameServers() {}

    /** @param more lines of its {@code server} clause, such as what it knows */
    static RunningProgram unbound(Path dir, int port, String more) throws IOException {
        Path configuration = dir.resolve("unbound.conf");
        Files.writeString(configuration, """
                server:
                  interface: 127.0.0.1@%d
                  username: ""
                  chroot: ""
                  directory: "%s"
                  pidfile: ""
                  use-syslog: no
                  verbosity: 1
                  do-daemonize: no
                  num-threads: 1
                  module-config: "iterator"
                %sremote-control:
                  control-enable: no
                """.formatted(port, dir, more.indent(2)));
        RunningProgram unbound = Program.ofDebian("/usr/sbin/unbound", "/usr/share/doc/unbound", dir)
                .start("-d", "-c", configuration.toString());
        unbound.awaitOutput(Pattern.compile("start of service"));
        return unbound;
    }

    /**
     * @param listen with its port, as {@code listen-on} has it
     * @param options more of them
     * @param zones and other clauses
     */
    static RunningProgram bind(Path dir, String listen, String options, String zones) throws IOException {
        Path configuration = dir.resolve("named.conf");
        Files.writeString(configuration, """
                options {
                  directory "%s";
                  pid-file none;
                  session-keyfile none;
                  listen-on %s { 127.0.0.1; };
                  listen-on-v6 { none; };
                %s};
                controls { };
                %s""".formatted(dir, listen, options.indent(2), zones));
        RunningProgram bind = Program.ofDebian("/usr/sbin/named", "/usr/share/doc/bind9", dir)
                .start("-g", "-c", configuration.toString());
        bind.awaitOutput(Pattern.compile(" running"));
        return bind;
    }
}
