package io.postern.gateway;

import io.postern.config.GatewaySettings;
import io.postern.dns.memory.AnswerLog;
import io.postern.gateway.admin.FindingFeed;
import io.postern.gateway.admin.FlowFeed;
import io.postern.gateway.analytics.Homes;
import io.postern.gateway.analytics.LateFacts;
import io.postern.gateway.context.ContextListener;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.finding.FindingDesk;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.inventory.Inventory;
import io.postern.gateway.privacy.PseudonymBook;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.records.DnsRecords;
import io.postern.gateway.records.FlowRecords;
import io.postern.gateway.shadow.ShadowBook;
import io.postern.gateway.state.StateFiles;
import io.postern.gateway.state.Store;
import io.postern.gateway.webhook.Webhook;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is held of one device, erased step by step while the gateway runs.
 *
 * <pre>
 * its flows end → facts, inventory, detection, findings, quarantines, letters, counts, captures → lines of records → pseudonyms → the store anew
 * </pre>
 *
 * In this order: what waits in one place is told to the next, and must not come there after it was erased. A step that fails keeps no
 * other from being done; all of it may be done again. Waits for the disk, so on a thread of its own.
 *
 * @param homes absent: nothing is detected
 * @param facts absent: no source tells anything, as with {@code context}
 * @param dns absent: questions are not written down
 */
record DeviceErasure(
        GatewaySettings settings,
        Store store,
        Flows flows,
        Optional<Homes> homes,
        Optional<LateFacts> lateFacts,
        Optional<ContextParts> context,
        Optional<DeviceContexts> facts,
        Inventory inventory,
        FindingDesk findings,
        FindingWatch findingWatch,
        QuarantineParts quarantine,
        Optional<WebhookParts> webhook,
        EvidenceParts evidence,
        FlowRecords flowRecords,
        Optional<DnsRecords> dns,
        AnswerLog answers,
        ShadowBook shadow,
        FlowFeed flowFeed,
        FindingFeed findingFeed,
        PseudonymBook book) {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceErasure.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * What became of it.
     *
     * @param erased how much, by what it was
     * @param kept lines that name it and stay, by the file
     * @param failed what could not be erased, and why
     */
    record Report(Map<String, Long> erased, Map<String, Long> kept, List<String> failed) {}

    private interface Step {
        long erase() throws IOException;
    }

    /** Whether it is in quarantine: then nothing is erased, for that would let it go. */
    boolean contained(String device) {
        return quarantine.contains(device);
    }

    /**
     * Erases it.
     *
     * @param names that it has or had, its id among them
     */
    Report erase(String device, Set<String> names) {
        DeviceLines lines = new DeviceLines(names);
        lateFacts.ifPresent(each -> each.forget(device));
        Map<String, Step> steps = new LinkedHashMap<>();
        steps.put("flows", () -> end(device));
        steps.put("facts", () -> facts(device, lines));
        steps.put("inventory", () -> inventory.forget(device));
        steps.put(
                "detection",
                () -> homes.isPresent()
                        ? told(homes.get().forget(device)) ? 1 : 0
                        : Homes.forget(store, device) ? 1 : 0);
        steps.put("findings", () -> findings(device));
        steps.put("quarantines", () -> quarantine.forget(device));
        steps.put(
                "letters",
                () -> webhook.isPresent()
                        ? webhook.get().forget(lines)
                        : Webhook.forget(store, StateFiles.deadLetters(settings), lines));
        steps.put("shadow", () -> shadow.forget(device));
        steps.put("captures", () -> evidence.forget(device, names));
        steps.put("flow_lines", () -> flowRecords.erase(lines));
        steps.put("dns_lines", () -> dns.isPresent() ? dns.get().erase(lines) : 0);
        steps.put("finding_lines", () -> findings.erase(lines));
        Map<String, Long> erased = new LinkedHashMap<>();
        List<String> failed = new ArrayList<>();
        steps.forEach((what, step) -> done(what, step, erased, failed));
        memory(device);
        if (failed.isEmpty()) {
            // Last: by them what is left would be found when this is done again.
            done("pseudonyms", () -> book.forget(names), erased, failed);
        }
        done("store", this::purge, new LinkedHashMap<>(), failed);
        return new Report(erased, kept(names, failed), List.copyOf(failed));
    }

    private static void done(String what, Step step, Map<String, Long> erased, List<String> failed) {
        try {
            erased.put(what, step.erase());
        } catch (IOException | RuntimeException e) {
            LOG.error("what is held of a device could not be erased what={}", what, e);
            failed.add(what + ": " + e.getMessage());
        }
    }

    private long purge() throws IOException {
        store.purge();
        return 0;
    }

    /** Their last lines are among those that are erased. */
    private long end(String device) throws IOException {
        long[] ended = new long[1];
        told(flows.stop(
                flow -> {
                    boolean its = flow.tag().device().equals(device);
                    synchronized (ended) {
                        ended[0] += its ? 1 : 0;
                    }
                    return its;
                },
                CloseReason.DRAIN));
        return ended[0];
    }

    private long facts(String device, DeviceLines lines) throws IOException {
        return context.isPresent()
                ? told(context.get().forget(lines, () -> facts.ifPresent(each -> each.forget(device))))
                : ContextListener.forget(store, lines);
    }

    private long findings(String device) throws IOException {
        long gone = findings.forget(device);
        findingWatch.forget(device);
        return gone;
    }

    private void memory(String device) {
        // Once more: facts that waited may have been told since.
        lateFacts.ifPresent(each -> each.forget(device));
        answers.forget(device);
        flowFeed.forget(device);
        findingFeed.forget(device);
    }

    /** What stays, and says so: the log of what administrators did, and which addresses and sessions are whose. */
    private Map<String, Long> kept(Set<String> names, List<String> failed) {
        Pattern name = Pattern.compile(names.stream()
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "(?<![A-Za-z0-9_-])(", ")(?![A-Za-z0-9_-])")));
        Map<String, Long> kept = new LinkedHashMap<>();
        for (Path file :
                List.of(StateFiles.audit(settings), StateFiles.addresses(settings), StateFiles.sessions(settings))) {
            if (Files.exists(file)) {
                try (Stream<String> all = Files.lines(file, StandardCharsets.ISO_8859_1)) {
                    long lines = all.filter(line -> name.matcher(line).find()).count();
                    if (lines > 0) {
                        kept.put(String.valueOf(file.getFileName()), lines);
                    }
                } catch (IOException | UncheckedIOException e) {
                    failed.add(file + ": " + e.getMessage());
                }
            }
        }
        return kept;
    }

    private static <T> T told(CompletableFuture<T> when) throws IOException {
        try {
            return when.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("nothing was heard of it within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
