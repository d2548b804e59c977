package io.postern.config;

import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files a gateway will need: there, readable, and secret where they must be. */
final class FileChecks {

    private final GatewaySettings settings;
    private final Setting root;
    private final Problems problems;

    FileChecks(GatewaySettings settings, Setting root, Problems problems) {
        this.settings = settings;
        this.root = root;
        this.problems = problems;
    }

    void all() {
        List<Setting> listeners = root.member("listeners").items();
        for (int i = 0; i < listeners.size(); i++) {
            Setting place = listeners.get(i);
            settings.listeners().get(i).tls().ifPresent(tls -> tls(tls, place.member("tls")));
        }
        List<Setting> keys = root.member("identity").member("tag-keys").items();
        for (int i = 0; i < keys.size(); i++) {
            secret(
                    settings.identity().tagKeys().get(i).secretFile(),
                    keys.get(i).member("secret-file"));
        }
        Setting identity = root.member("identity");
        settings.identity()
                .jwt()
                .ifPresent(
                        jwt -> readable(jwt.jwksFile(), identity.member("jwt").member("jwks-file")));
        revoked(settings.identity().revokedFile(), identity.member("revoked-file"));
        settings.identity().addressesFile().ifPresent(file -> readable(file, identity.member("addresses-file")));
        settings.identity().radius().ifPresent(radius -> {
            List<Setting> clients = identity.member("radius").member("clients").items();
            for (int i = 0; i < clients.size(); i++) {
                secret(radius.clients().get(i).secretFile(), clients.get(i).member("secret-file"));
            }
        });
        List<Setting> pseudonyms =
                root.member("privacy").member("pseudonym-keys").items();
        for (int i = 0; i < pseudonyms.size(); i++) {
            secret(settings.privacy().pseudonymKeys().get(i), pseudonyms.get(i));
        }
        settings.context().ifPresent(context -> context(context, root.member("context")));
        settings.response().webhook().ifPresent(webhook -> {
            Setting place = root.member("response").member("webhook");
            secret(webhook.secretFile(), place.member("secret-file"));
            webhook.caFile().ifPresent(file -> readable(file, place.member("ca-file")));
            recordFile(webhook.deadLetters(), place.member("dead-letters"));
        });
        settings.dns()
                .caFile()
                .ifPresent(file -> readable(file, root.member("dns").member("ca-file")));
        Setting admin = root.member("admin");
        settings.admin().tls().ifPresent(tls -> tls(tls, admin.member("tls")));
        // It need not be there: token add makes it. Whoever serves by it reads it whole.
        admin.find("tokens-file")
                .filter(file -> Files.exists(settings.admin().tokens()))
                .ifPresent(file -> hidden(settings.admin().tokens(), file));
        folder(settings.state().dir(), root.member("state").member("dir"));
        Setting flows = root.member("records").member("flows").member("file");
        settings.records().flows().file().ifPresent(file -> recordFile(file, flows));
        Setting findings = root.member("records").member("findings").member("file");
        settings.records().findings().file().ifPresent(file -> recordFile(file, findings));
    }

    /** In the gateway's own folder it is made at the start; elsewhere a wrong path would revoke nothing, silently. */
    private void revoked(Path file, Setting place) {
        if (settings.state().holds(file) && Files.notExists(file)) {
            recordFile(file, place);
        } else {
            readable(file, place, "; an empty one revokes nothing");
        }
    }

    private void context(ContextSettings context, Setting place) {
        context.tls().ifPresent(tls -> tls(tls, place.member("tls")));
        List<Setting> sources = place.member("sources").items();
        for (int i = 0; i < sources.size(); i++) {
            ContextSettings.Source source = context.sources().get(i);
            Setting at = sources.get(i);
            source.tokenFile().ifPresent(file -> secret(file, at.member("token-file")));
            source.push()
                    .ifPresent(
                            push -> readable(push.jwksFile(), at.member("push").member("jwks-file")));
            source.webhook()
                    .flatMap(ContextSettings.Webhook::signature)
                    .ifPresent(signature -> secret(
                            signature.secretFile(),
                            at.member("webhook").member("signature").member("secret-file")));
        }
    }

    private void tls(ListenSettings.Tls tls, Setting place) {
        readable(tls.certificate(), place.member("certificate"));
        if (readable(tls.key(), place.member("key"))) {
            hidden(tls.key(), place.member("key"));
        }
        tls.clientCa().ifPresent(ca -> readable(ca, place.member("client-ca")));
    }

    private void secret(Path file, Setting place) {
        if (!readable(file, place, "; make one: (umask 077; openssl rand -base64 32 > " + file + ")")) {
            return;
        }
        try {
            SecretFile.read(file);
        } catch (IOException e) {
            problems.at(place, message(e, file));
        }
        hidden(file, place);
    }

    private boolean readable(Path file, Setting place) {
        return readable(file, place, "");
    }

    /** @param missing how to mend that it is not there */
    private boolean readable(Path file, Setting place, String missing) {
        if (!Files.exists(file)) {
            problems.at(place, file + " does not exist" + missing);
        } else if (!Files.isRegularFile(file)) {
            problems.at(place, file + " is not a file");
        } else if (!Files.isReadable(file)) {
            problems.at(place, file + " cannot be read by this user");
        } else {
            return true;
        }
        return false;
    }

    private void hidden(Path file, Setting place) {
        try {
            if (SecretFile.worldReadable(file)) {
                problems.at(place, file + " can be read by everybody, must not (chmod o= " + file + ")");
            }
        } catch (IOException e) {
            problems.at(place, message(e, file));
        }
    }

    private void recordFile(Path file, Setting place) {
        if (Files.isDirectory(file)) {
            problems.at(place, file + " is a folder, must be a file");
            return;
        }
        Path parent = file.toAbsolutePath().getParent();
        folder(parent == null ? file : parent, place);
    }

    /** A folder may still have to be made; then the nearest one above it must let us. */
    private void folder(Path folder, Setting place) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing)) {
            problems.at(place, existing + " is not a folder");
        } else if (!Files.isWritable(existing)) {
            problems.at(place, existing + " cannot be written by this user");
        }
    }

    private static String message(IOException e, Path file) {
        String message = e.getMessage();
        return message == null ? file + " cannot be read" : message;
    }
}
