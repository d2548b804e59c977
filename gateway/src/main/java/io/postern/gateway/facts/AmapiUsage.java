package io.postern.gateway.facts;

import io.postern.analytics.context.ContextEvent.App;
import io.postern.analytics.context.ContextEvent.Interacted;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.ContextEvent.Owns;
import io.postern.analytics.context.ContextEvent.UsedCrypto;
import io.postern.config.grammar.Addresses;
import io.postern.wire.ip.AddressText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/**
 * Android's own logs: {@code BatchUsageLogEvents} of androidmanagement v1.
 *
 * <pre>
 * KEYGUARD_SECURED                          device.lock, locked
 * KEYGUARD_DISMISSED                        device.lock, not locked, and device.user_interaction: somebody did it
 * APP_PROCESS_START                         whose its UID is
 * KEY_GENERATED, KEY_IMPORT, KEY_DESTRUCTION   app.crypto of the packages of the UID: the life of keys, not their use
 * CONNECT                                   flow.owner
 * DNS                                       understood and not used: whose question it was, which nothing remembers yet
 * all else                                  nothing here: FILE_PULLED and FILE_PUSHED are adb's, not an app's staging
 * </pre>
 */
final class AmapiUsage {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_NAME = 254;

    private final AmapiPush push;
    private final AmapiPush.Of of;
    private final UidMap uids;

    AmapiUsage(AmapiPush push, AmapiPush.Of of, UidMap uids) {
        this.push = push;
        this.of = of;
        this.uids = uids;
    }

    void read(JsonNode batch) {
        JsonNode events = batch.path("usageLogEvents");
        for (int i = 0; i < events.size(); i++) {
            event(events.get(i), "/usageLogEvents/" + i);
        }
    }

    private void event(JsonNode event, String pointer) {
        String id = event.path("eventId").asString("");
        OptionalLong time = Times.millis(event.path("eventTime").asString(""));
        if (id.isEmpty() || id.length() > 20 || !Names.event(id) || time.isEmpty()) {
            push.fault(of, pointer, "has no eventId, or no eventTime");
            return;
        }
        String key = of.device() + "-" + id;
        long at = time.getAsLong();
        switch (event.path("eventType").asString("")) {
            case "KEYGUARD_SECURED" -> push.tell(of, key, at, Optional.empty(), new Locked(true));
            case "KEYGUARD_DISMISSED" -> {
                push.tell(of, key, at, Optional.empty(), new Locked(false));
                push.tell(of, key + "-i", at, Optional.empty(), new Interacted());
            }
            case "APP_PROCESS_START" ->
                started(event.path("appProcessStartEvent").path("processInfo"), at, pointer);
            case "KEY_GENERATED" -> keyed(event.path("keyGeneratedEvent"), UsedCrypto.Operation.KEYGEN, key, at);
            case "KEY_IMPORT" -> keyed(event.path("keyImportEvent"), UsedCrypto.Operation.IMPORT, key, at);
            case "KEY_DESTRUCTION" -> keyed(event.path("keyDestructionEvent"), UsedCrypto.Operation.DESTROY, key, at);
            case "CONNECT" -> connected(event.path("connectEvent"), key, at, pointer);
            case "DNS" -> asked(event.path("dnsEvent"), pointer);
            default -> push.pass();
        }
    }

    private void started(JsonNode process, long at, String pointer) {
        List<String> packages = new ArrayList<>();
        for (JsonNode name : process.path("packageNames")) {
            if (Names.app(name.asString("")) && packages.size() < Attributes.MOST_TEXTS) {
                packages.add(name.asString());
            }
        }
        if (packages.isEmpty() || !process.path("uid").isInt()) {
            push.fault(of, pointer + "/appProcessStartEvent", "names no package, or no UID");
        } else {
            uids.started(of.device(), process.path("uid").intValue(), packages, at);
            push.pass();
        }
    }

    /** Of every package of the UID, for which of them it was nobody knows. */
    private void keyed(JsonNode made, UsedCrypto.Operation operation, String key, long at) {
        int uid = made.path("applicationUid").asInt(-1);
        List<String> packages = uids.packages(of.device(), uid);
        if (packages.isEmpty() || !made.path("success").asBoolean(false)) {
            push.pass();
            return;
        }
        for (int i = 0; i < packages.size(); i++) {
            App app = new App(packages.get(i), OptionalLong.of(uid), OptionalLong.empty());
            push.tell(of, key + "-" + i, at, Optional.of(app), new UsedCrypto(operation, "", OptionalLong.empty()));
        }
    }

    private void asked(JsonNode question, String pointer) {
        String name = question.path("hostname").asString("");
        // Names are asked for that are no host's, such as _dns.resolver.arpa.
        boolean named =
                !name.isEmpty() && name.length() <= MAX_NAME && name.chars().noneMatch(Character::isISOControl);
        if (named && Names.app(question.path("packageName").asString(""))) {
            push.pass();
        } else {
            push.fault(of, pointer + "/dnsEvent", "asks for no name, or names no package");
        }
    }

    private void connected(JsonNode connect, String key, long at, String pointer) {
        Optional<InetAddress> remote =
                Addresses.address(connect.path("destinationIpAddress").asString(""));
        int port = connect.path("destinationPort").asInt(0);
        String app = connect.path("packageName").asString("");
        if (remote.isEmpty() || port < 1 || port > MAX_PORT || !Names.app(app)) {
            push.fault(of, pointer + "/connectEvent", "names no address, no port or no package");
            return;
        }
        push.tell(of, key, at, Optional.empty(), new Owns(false, 0, AddressText.of(remote.get()), port, List.of(app)));
    }
}
