package io.postern.gateway.finding;

import io.postern.analytics.attack.Words;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.BookSettings;
import io.postern.analytics.finding.Conclusion;
import io.postern.analytics.finding.FindingBook;
import io.postern.analytics.finding.Review;
import io.postern.analytics.finding.Status;
import io.postern.analytics.finding.World;
import io.postern.config.GatewaySettings.RecordFile;
import io.postern.gateway.e2e.TestingFinding;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.DropReason;
import io.postern.gateway.records.FindingRecords;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;

/** A process of its own that answers one finding after the other until it is killed, and prints those that are taken. */
final class AnsweringProcess {

    private AnsweringProcess() {}

    public static void main(String[] args) throws Exception {
        Path dir = Path.of(args[0]);
        String round = args[1];
        try (Store store = EmbeddedStore.open(dir.resolve("store"));
                FindingDesk desk = desk(store, dir)) {
            for (int i = 0; i < 100_000; i++) {
                Finding finding =
                        TestingFinding.of("LC" + round).to("d" + i + ".example").at(System.currentTimeMillis());
                desk.accept(finding);
                Review review = new Review(
                        Status.CLOSED, Optional.of(Conclusion.BENIGN), "known", "vera", System.currentTimeMillis());
                while (desk.review(finding.uid(), review, OptionalLong.empty()) != FindingBook.Reviewed.DONE) {
                    Thread.onSpinWait();
                }
                System.out.println(finding.uid());
                System.out.flush();
            }
        }
    }

    static FindingDesk desk(Store store, Path dir) throws IOException {
        return desk(store, dir, Clock.systemUTC());
    }

    static FindingDesk desk(Store store, Path dir, Clock clock) throws IOException {
        Meters meters = new Meters();
        return FindingDesk.start(
                BookSettings.DEFAULTS,
                1_024,
                store,
                new World(name -> name, Words::hard),
                new FindingRecords(
                        new RecordFile(Optional.of(dir.resolve("findings.ndjson")), 100_000_000, 1, 64),
                        "0",
                        meters.recordsDropped("finding", DropReason.class, DropReason::label)),
                clock,
                meters);
    }
}
