package io.postern.gateway.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that asks a running gateway. */
final class AdminAccess {

    private static final String USUAL = "http://127.0.0.1:9090";
    /** Where a gateway without a configuration leaves its first token. */
    private static final Path FIRST_TOKEN = Path.of("var", "admin", "token");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The gateway's admin listener; without it POSTERN_URL, else " + USUAL + ".")
    private Optional<URI> url = Optional.empty();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Has the token; without it POSTERN_TOKEN has, else ./var/admin/token.")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM certificates the gateway's is signed by; without it those the JVM trusts.")
    private Optional<Path> ca = Optional.empty();

    @Option(
            names = "--server-name",
            paramLabel = "NAME",
            description =
                    "The name that the gateway's certificate must have, where the URL has another: a forwarded port's.")
    private Optional<String> serverName = Optional.empty();

    private final Map<String, String> environment = System.getenv();

    /** @throws IOException with what to do about it, when there is no token, or a file does not read */
    AdminClient client() throws IOException {
        URI base = url.orElseGet(() -> URI.create(environment.getOrDefault("POSTERN_URL", USUAL)));
        if (base.getScheme() == null || !base.getScheme().matches("https?") || base.getHost() == null) {
            throw new IOException("--url: '" + base + "' must be http:// or https:// and a host");
        }
        Optional<SSLContext> tls = ca.isPresent() ? Optional.of(trusting(ca.get())) : Optional.empty();
        if (serverName.isEmpty()) {
            return new AdminClient(base, token(), tls);
        }
        if (!base.getScheme().equals("https")) {
            throw new IOException("--server-name: there is no certificate at '" + base + "', must be https://");
        }
        return new AdminClient(
                byAddress(base),
                token(),
                Optional.of(ServerName.of(tls.isPresent() ? tls.get() : usual(), serverName.get())));
    }

    /** Where a client connects to a name it takes a certificate of that name too. */
    private static URI byAddress(URI base) throws IOException {
        InetAddress address = InetAddress.getByName(base.getHost());
        String host = address.getHostAddress();
        int zone = host.indexOf('%');
        String literal = zone < 0 ? host : host.substring(0, zone);
        return URI.create("https://" + (address instanceof Inet6Address ? "[" + literal + "]" : literal)
                + (base.getPort() < 0 ? "" : ":" + base.getPort()) + base.getRawPath());
    }

    private static SSLContext usual() throws IOException {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("the JVM trusts nobody: " + e.getMessage(), e);
        }
    }

    private String token() throws IOException {
        @Nullable String told = environment.get("POSTERN_TOKEN");
        if (tokenFile.isEmpty() && told != null) {
            return told.strip();
        }
        Path file = tokenFile.orElse(FIRST_TOKEN);
        if (!Files.isReadable(file)) {
            throw new IOException(
                    file + " cannot be read: give --token-file or POSTERN_TOKEN; 'postern token add' makes a token");
        }
        return Files.readString(file).strip();
    }

    private static SSLContext trusting(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca" + number++, one);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": holds no certificates: " + e.getMessage(), e);
        }
    }
}
