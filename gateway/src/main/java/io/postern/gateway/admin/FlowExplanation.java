package io.postern.gateway.admin;

import io.postern.analytics.Evidence;
import io.postern.analytics.attack.Words;
import io.postern.analytics.flow.InClear.Resolved;
import io.postern.gateway.records.FlowRecord;
import io.postern.wire.ip.AddressText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A flow in words: what it was, what happened to it, and every rule that matched.
 *
 * @param verdict what happened to it
 * @param rule that said so
 * @param seen one sentence each
 * @param rules all that matched, also those that only watch
 * @param supports what was seen of it that speaks for a finding, what weighs most first
 * @param against what speaks against one
 * @param policy the version it was judged by
 */
record FlowExplanation(
        String uid,
        String verdict,
        String rule,
        List<String> seen,
        List<Matched> rules,
        List<String> supports,
        List<String> against,
        String policy) {

    /**
     * A rule that matched.
     *
     * @param action what it asks for
     * @param effect what its mode made of that
     */
    record Matched(String name, String action, String mode, String effect) {}

    static FlowExplanation of(FlowRecord flow) {
        return new FlowExplanation(
                flow.uid(),
                lowerCase(flow.verdict().action()),
                flow.verdict().reason(),
                seen(flow),
                flow.rules().stream()
                        .map(rule -> new Matched(
                                rule.name(),
                                lowerCase(rule.action()),
                                lowerCase(rule.mode()),
                                lowerCase(rule.effect())))
                        .toList(),
                said(flow, true),
                said(flow, false),
                flow.policyVersion());
    }

    private static List<String> seen(FlowRecord flow) {
        List<String> all = new ArrayList<>();
        all.add(flow.tag().app() + " on device " + flow.tag().device() + " (profile "
                + flow.tag().profile() + "; device "
                + flow.tag().deviceAssurance().label() + ", app "
                + flow.tag().appAssurance().label() + ").");
        all.add("To " + flow.hostname().orElse("an address without a name")
                + flow.destination()
                        .address()
                        .map(address -> " at " + AddressText.of(address))
                        .orElse("") + ", port "
                + flow.destination().port() + ", by " + flow.origin().listener() + ".");
        named(flow).ifPresent(all::add);
        all.add("It speaks " + flow.protocol().label() + " (known by: "
                + flow.basis().label() + ")"
                + (flow.serviceClasses().isEmpty()
                        ? "."
                        : "; the destination is known for " + String.join(", ", flow.serviceClasses()) + "."));
        all.add("From " + flow.startedAt() + " to " + flow.endedAt() + ", " + flow.bytesOut() + " bytes out and "
                + flow.bytesIn() + " in"
                + flow.closeReason()
                        .map(reason -> "; it ended by: " + reason.label() + ".")
                        .orElse("; it lives."));
        return all;
    }

    /** What the device was told of the address that it asked for. */
    private static Optional<String> named(FlowRecord flow) {
        Optional<String> basis = flow.destination().host().isPresent()
                ? Optional.empty()
                : flow.toldName()
                        .map(name -> "It asked for the address; that " + name
                                + " leads there is what the device was told here (basis: dns-memory).");
        return basis.or(() -> flow.resolved() == Resolved.NEVER
                ? Optional.of("The device asks here for what it goes to, and no name that it asked for led there.")
                : Optional.empty());
    }

    private static List<String> said(FlowRecord flow, boolean supports) {
        return flow.evidence().stream()
                .filter(one -> one.supports() == supports)
                .sorted(Comparator.comparingInt(Evidence::weight).reversed())
                .map(Words::of)
                .toList();
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** As plain text. What a peer may have chosen writes no lines of its own. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("flow ")
                .append(uid)
                .append(": ")
                .append(verdict)
                .append(", by ")
                .append(rule)
                .append('\n');
        section(text, "What was seen", seen);
        section(
                text,
                "Rules that matched (policy " + policy + ")",
                rules.stream()
                        .map(one -> one.name + ": asks for " + one.action + ", mode " + one.mode + ", so " + one.effect)
                        .toList());
        section(text, "What speaks for a finding", supports);
        section(text, "What speaks against one", against);
        return text.toString();
    }

    private static void section(StringBuilder text, String title, List<String> lines) {
        text.append('\n').append(title).append('\n');
        if (lines.isEmpty()) {
            text.append("  nothing\n");
        }
        for (String line : lines) {
            text.append("  ").append(plain(line)).append('\n');
        }
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }
}
