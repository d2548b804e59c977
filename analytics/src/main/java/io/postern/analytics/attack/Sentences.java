package io.postern.analytics.attack;

import static io.postern.analytics.attack.Words.Remedy.APPROVE;
import static io.postern.analytics.attack.Words.Remedy.EXCEPTION;
import static io.postern.analytics.attack.Words.Remedy.INVENTORY;
import static io.postern.analytics.attack.Words.Remedy.NONE;
import static io.postern.analytics.attack.Words.Remedy.ROLE;
import static io.postern.analytics.attack.Words.Unit.BYTES;
import static io.postern.analytics.attack.Words.Unit.BYTES_A_SECOND;
import static io.postern.analytics.attack.Words.Unit.CHANCE;
import static io.postern.analytics.attack.Words.Unit.COUNT;
import static io.postern.analytics.attack.Words.Unit.PERIOD;
import static io.postern.analytics.attack.Words.Unit.PLAIN;
import static io.postern.analytics.attack.Words.Unit.SHARE;
import static io.postern.analytics.attack.Words.Unit.TIMES;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A sentence for every feature of evidence, and for everything that may not be visible: what somebody reads who has the
 * finding before them and not this code. One line each.
 */
final class Sentences {

    private static final Map<String, Sentence> FEATURES = new LinkedHashMap<>();
    private static final Map<String, String> UNSEEN = new LinkedHashMap<>();

    static {
        // Where it goes.
        hard(
                "destination-outside-role",
                PLAIN,
                ROLE,
                "The app's role names its destinations, and this is none of them.");
        say(
                "destination-of-version-outside-role",
                PLAIN,
                ROLE,
                "The app's role names its destinations, and this is none of them, but new since the version of the app that the"
                        + " device has: the role may be older.");
        say("destination-of-role", PLAIN, NONE, "The app's role names this destination.");
        hard(
                "destination-outside-approved-baseline",
                COUNT,
                APPROVE,
                "The app has an approved baseline, and this destination is not in it; {value} other devices go there with this"
                        + " app, more than {threshold} would be usual.");
        say(
                "destination-outside-baseline-of-older-version",
                COUNT,
                APPROVE,
                "An older version or another signer was approved, without this destination; {value} devices go there with it.");
        hard(
                "destination-rejected",
                PLAIN,
                APPROVE,
                "Somebody has looked at this destination for the app and rejected it.");
        say(
                "destination-of-confirmed-finding",
                PLAIN,
                APPROVE,
                "Somebody has answered that a finding of the app and this destination, here or on another device, was what it said.");
        say(
                "destination-rare-for-app",
                COUNT,
                APPROVE,
                "On {value} other devices the app goes there too; with more than {threshold} it would be what the app does.");
        say(
                "destination-approved",
                COUNT,
                NONE,
                "The destination is approved in the app's baseline ({value} devices).");
        say(
                "destination-learnt",
                COUNT,
                NONE,
                "The destination is learnt of the app, on {value} devices (usual from more than {threshold} on), and waits for"
                        + " approval.");
        say(
                "destination-approval-expired",
                COUNT,
                APPROVE,
                "The destination was approved, and is to be looked at again; {value} devices go there (usual from more than"
                        + " {threshold} on).");
        say(
                "destination-of-many-devices",
                COUNT,
                NONE,
                "The app goes there on {value} devices, more than {threshold}.");
        say(
                "destination-of-version",
                COUNT,
                NONE,
                "It came with the app's version: most devices that have this version go there, {value} in all, and none did before.");
        say(
                "destination-of-new-version",
                COUNT,
                NONE,
                "It is new since the version of the app that the device has, which so few have that nobody can tell yet whether it came"
                        + " with it ({value} devices go there).");
        say("destination-of-category", PLAIN, NONE, "Other apps of the same category are known to go there.");
        say("address-without-name", PLAIN, EXCEPTION, "It goes to a bare address; no name was asked for or shown.");
        say(
                "no-sni-where-the-app-names",
                PLAIN,
                EXCEPTION,
                "The app always names its server in TLS, and here it does not.");
        say("name-of-random-letters", PLAIN, APPROVE, "The name looks as if a machine had made it up.");
        say("name-with-long-label", COUNT, APPROVE, "A part of the name has {threshold} characters or more.");
        say("name-mixing-punycode", PLAIN, APPROVE, "The name mixes scripts so that it may be read as another.");
        say(
                "sni-host-mismatch",
                PLAIN,
                EXCEPTION,
                "It asked for one server and names another to it, and no certificate of the server covers both.");
        say("request-new-to-app", PLAIN, APPROVE, "The app has not been seen to send requests of this kind.");
        say("request-unlike-category", PLAIN, APPROVE, "Apps of its category do not send requests of this kind.");
        say(
                "tls-hello-new-to-app",
                PLAIN,
                APPROVE,
                "The TLS greeting is not one of the app's: another library speaks.");
        say("header-order-new-to-app", PLAIN, APPROVE, "The app has not been seen to put its headers in this order.");
        say("alpn-new-to-app", PLAIN, APPROVE, "The app has not been seen to offer this protocol first.");
        say("hour-new-to-app", PLAIN, NONE, "The app has not been seen to speak at this time of the week.");
        hard("service-class-outside-role", PLAIN, ROLE, "The app's role does not use services of this class.");
        say("service-class-new-to-app", PLAIN, ROLE, "The app has not been seen to use services of this class.");
        say(
                "platform-for-developers",
                PLAIN,
                ROLE,
                "The platform is one for developers, where anybody can leave text or files.");
        say("service-class-allowed", PLAIN, NONE, "Services of this class are allowed for the app.");
        say("service-class-learnt", PLAIN, NONE, "The app is known to use services of this class.");
        say("app-allowed", PLAIN, NONE, "The app is on the list of those this analytic is not about.");
        say(
                "rhythm-unlike-baseline",
                COUNT,
                APPROVE,
                "The destination is usual and the rhythm is not: only {value} devices have it (usual from more than {threshold}"
                        + " on).");

        say(
                "rate-unlike-baseline",
                COUNT,
                APPROVE,
                "The destination is usual and how often it goes there is not: only {value} devices do so (usual from more than"
                        + " {threshold} on).");

        say(
                "smaller-than-on-other-devices",
                TIMES,
                APPROVE,
                "The destination is usual and what it says is not: on the usual device an exchange unseen is {value} as large"
                        + " (unusual from {threshold} on).");
        say(
                "destination-new-on-device",
                PLAIN,
                APPROVE,
                "Nobody has learnt yet where the app goes; on this device it goes there since today.");

        // When, and how much.
        say(
                "often-for-the-app",
                TIMES,
                APPROVE,
                "It goes there {value} as often, unseen, as the app does on the usual device (unusual from {threshold} on).");
        say(
                "clock",
                CHANCE,
                ROLE,
                "It comes back by a clock: {value} that this is chance, {threshold} would be enough.");
        say(
                "clock-in-background",
                CHANCE,
                ROLE,
                "While nobody uses the app it comes back by a clock: {value} that this is chance, {threshold} would be enough.");
        say(
                "clock-forming",
                CHANCE,
                NONE,
                "It begins to look like a clock: {value} that this is chance, {threshold} is needed.");
        say(
                "growing-intervals",
                CHANCE,
                ROLE,
                "It comes back by intervals that grow by one factor: {value} that this is chance.");
        say("same-sizes", CHANCE, NONE, "What it sends or gets is always of one size: {value} that this is chance.");
        say("hours-active", COUNT, NONE, "It was at it in {value} different hours; {threshold} are persistent.");
        say(
                "wakes-by-itself",
                SHARE,
                NONE,
                "It wakes by itself: {value} of its check-ins come when other apps of the device wake too (usual:"
                        + " {threshold} and more).");
        say("connects-often", COUNT, ROLE, "It connects {value} times an hour; the threshold is {threshold}.");
        say(
                "answers-pushes",
                COUNT,
                ROLE,
                "It sent a little within seconds of {value} push messages; {threshold} are enough.");
        say(
                "low-volume",
                BYTES,
                NONE,
                "A check-in moves {value}, as little as polling for orders does (up to {threshold}).");
        say(
                "same-sizes-both-ways",
                TIMES,
                NONE,
                "What it says and what it is told are about as large ({value}, at most {threshold}), which is not so of the app.");
        say(
                "asymmetric",
                TIMES,
                NONE,
                "One direction carries {value} as much as the other; the threshold is {threshold}.");
        say("poll-declared", PERIOD, NONE, "The role declares a poll every {threshold}, and it comes every {value}.");
        say("clock-declared", PERIOD, NONE, "Apps of its category ask by the clock; it does every {value}.");
        say("keepalive-declared", PERIOD, NONE, "Apps of its category keep connections alive; it does every {value}.");
        say("imap-idle-declared", PERIOD, NONE, "Apps of its category wait for mail in an open connection.");
        say("push-declared", COUNT, NONE, "The role declares that the app is woken by messages.");
        say("upload", BYTES, ROLE, "It has sent {value} there, mostly one way; the threshold is {threshold}.");
        say(
                "payload-like-random",
                PLAIN,
                NONE,
                "What it sends or gets in clear looks random: {value} bits a byte of 8, {threshold} would be enough for as many"
                        + " bytes. Nothing says that it is compressed.");
        say(
                "payload-of-whole-blocks",
                COUNT,
                NONE,
                "What it sends in clear looks random and is {value} bytes long, whole blocks of {threshold} as a cipher makes them.");
        say("pieces-of-one-size", CHANCE, NONE, "It sends in pieces of one size: {value} that this is chance.");
        hard("upload-beyond-role", BYTES, ROLE, "It has sent {value} there; its role allows {threshold}.");
        say(
                "uploads-by-a-clock",
                CHANCE,
                ROLE,
                "It sends by a clock: {value} that this is chance, {threshold} would be enough.");

        // What is spoken, and where.
        hard(
                "port-outside-role",
                COUNT,
                ROLE,
                "The app's role names the ports of this protocol, and {value} is none of them.");
        say(
                "port-of-version-outside-role",
                COUNT,
                ROLE,
                "The app's role names the ports of this protocol, and {value} is none of them, but new since the version of"
                        + " the app that the device has: the role may be older.");
        say(
                "port-not-of-protocol",
                COUNT,
                EXCEPTION,
                "The bytes are of a protocol that does not belong on port {value}.");
        hard(
                "port-outside-approved-baseline",
                COUNT,
                APPROVE,
                "The app has an approved baseline without this protocol on this port; {value} devices show it.");
        say(
                "port-outside-baseline-of-older-version",
                COUNT,
                APPROVE,
                "An older version or another signer was approved, without this port; {value} devices show it.");
        say("port-repeated", COUNT, NONE, "It did so {value} times; {threshold} are no accident.");
        say("port-approved", COUNT, NONE, "The protocol is approved on this port for the app ({value} devices).");
        say(
                "port-still-learning",
                COUNT,
                ROLE,
                "The app is approved, and nobody has learnt yet on which ports it speaks.");
        say(
                "port-approval-expired",
                COUNT,
                APPROVE,
                "The protocol was approved on this port, and is to be looked at again; {value} devices show it.");
        say("port-learnt", COUNT, NONE, "The protocol is learnt on this port for the app ({value} devices).");
        say(
                "nothing-known-on-well-known-port",
                COUNT,
                APPROVE,
                "On port {value} it speaks nothing that is known. Some messengers do; alone it says little.");
        say("mail-from-no-mail-app", PLAIN, ROLE, "It speaks a mail protocol and is no mail app.");
        say(
                "push-channel-of-another",
                PLAIN,
                EXCEPTION,
                "It uses the push channel, which belongs to Play services alone.");
        say(
                "sends-pushes",
                PLAIN,
                EXCEPTION,
                "It calls the interface by which servers send push messages; apps only get them.");

        // What is asked of DNS.
        say(
                "bytes-in-names",
                BYTES,
                EXCEPTION,
                "The names it asked for below this domain carry {value}; {threshold} are many.");
        say("bytes-in-names-per-second", BYTES_A_SECOND, NONE, "They carry {value}; the threshold is {threshold}.");
        say(
                "carrier-record-types",
                SHARE,
                NONE,
                "{value} of the questions are for records that carry text; {threshold} are many.");
        say(
                "names-of-random-letters",
                COUNT,
                NONE,
                "Their letters are as mixed as packed data: {value} bits each ({threshold} count).");
        say("asked-for-and-never-connected", PLAIN, EXCEPTION, "It asks for names there and connects to none of them.");
        say(
                "domain-rare-in-fleet",
                COUNT,
                APPROVE,
                "{value} devices ask for names below this domain again and again (rare: {threshold} or less).");
        say("domain-of-look-ups", PLAIN, NONE, "It is a zone that mail servers or virus scanners look things up in.");
        say(
                "domain-of-many-devices",
                COUNT,
                NONE,
                "{value} devices ask for few names below this domain or connect to them, more than {threshold}.");

        say(
                "never-resolved-here",
                PLAIN,
                APPROVE,
                "The device asks the gateway for what it goes to, and no name that it asked for led to this address.");

        // What device and app were doing.
        say("in-background", PLAIN, ROLE, "The app was in the background.");
        say(
                "background-share",
                SHARE,
                ROLE,
                "{value} of it happens in the background or while locked; mostly is {threshold}.");
        say("device-locked", PLAIN, ROLE, "The device was locked.");
        say("nobody-at-the-device", PLAIN, ROLE, "Nobody had used the device for a while.");
        say("started-in-background", PLAIN, ROLE, "The app had just been started in the background.");
        say("app-not-managed", PLAIN, INVENTORY, "Management has not installed the app.");
        say("app-not-approved", PLAIN, INVENTORY, "Nobody has approved of the app.");
        say("installer-unknown", PLAIN, INVENTORY, "No store has installed the app.");
        say("app-newly-installed", PLAIN, NONE, "The app is newly installed.");
        say("app-just-updated", PLAIN, NONE, "The app was just updated.");
        say("signer-changed", PLAIN, INVENTORY, "Somebody else than before has signed the app.");
        say("installer-changed", PLAIN, INVENTORY, "Another store or program than before has installed the app.");
        say("app-in-use", SHARE, NONE, "{value} of it happens while somebody uses the app.");
        hard("background-outside-role", PLAIN, ROLE, "The app's role forbids work in the background.");
        say("background-expected", PLAIN, NONE, "The role lets the app work in the background.");

        // What an agent told.
        hard(
                "crypto-before",
                PLAIN,
                ROLE,
                "The app had encrypted something shortly before, as the device's agent tells.");
        hard(
                "staging-before",
                PLAIN,
                ROLE,
                "The app had gathered data in a file shortly before, as the device's agent tells.");
        hard(
                "protected-resource-before",
                PLAIN,
                ROLE,
                "The app had used a camera, microphone, contacts or the like shortly before, as the device's agent tells.");
        say("crypto-expected", PLAIN, NONE, "The app is one that encrypts for its own ends.");

        unseen("app-state", "whether the app was in front or in the background: nobody tells");
        unseen("lock", "whether the device was locked: nobody tells");
        unseen("interaction", "whether somebody was at the device: nobody tells");
        unseen("inventory", "whether the app is managed and approved: nobody tells");
        unseen("baseline", "whether the app goes there elsewhere: too little is learnt of it");
        unseen("name", "the name of the server: it is hidden (Encrypted Client Hello)");
        unseen(
                "certificate",
                "whether the server is both that it was asked for as and that it is called: its certificate is encrypted");
        unseen("requests", "what it asked for: this was judged late, and requests of flows that are over are not kept");
        unseen("connections", "whether anybody connects to what is asked for: the device's flows do not come here");
        unseen(
                "dns-memory",
                "whether the device was told the address here: this was judged late, and that is not kept of flows that are over");
        unseen("downlink-payload", "what it was sent in clear: this was judged late, and that is not kept");
        unseen("crypto", "whether the app encrypted something: no agent tells");
        unseen("staging", "whether the app gathered data in a file: no agent tells");
        unseen("background-start", "whether the app was started in the background: nobody tells");
        unseen("protected-resource", "whether the app used the camera, contacts and the like: no agent tells");
        unseen(
                "push-recipient",
                "which app a push message was for: the connection is Play services', and who answers within seconds may do so by chance");
        unseen("posture", "the device's health: nobody tells");
        unseen("flow-owner", "which app it was: nobody tells");
    }

    private Sentences() {}

    /** What is said of a feature. */
    record Sentence(String text, Words.Unit unit, Words.Remedy remedy, boolean hard) {}

    static Set<String> features() {
        return Set.copyOf(FEATURES.keySet());
    }

    static Set<String> unseen() {
        return Set.copyOf(UNSEEN.keySet());
    }

    static Optional<Sentence> of(String feature) {
        return Optional.ofNullable(FEATURES.get(feature));
    }

    /** Its name where nobody has found words for it. */
    static String ofUnseen(String what) {
        return UNSEEN.getOrDefault(what, what);
    }

    private static void say(String feature, Words.Unit unit, Words.Remedy remedy, String text) {
        FEATURES.put(feature, new Sentence(text, unit, remedy, false));
    }

    private static void hard(String feature, Words.Unit unit, Words.Remedy remedy, String text) {
        FEATURES.put(feature, new Sentence(text, unit, remedy, true));
    }

    private static void unseen(String what, String text) {
        UNSEEN.put(what, text);
    }
}
