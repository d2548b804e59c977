package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.capture.CaptureFolder;
import io.postern.gateway.http.Answer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** {@code /v1/findings/{id}/evidence}, {@code /v1/coverage/export} and {@code /v1/evidence/key}. */
final class EvidencePages {

    static final String ZIP = "application/zip";
    static final String PCAPNG = "application/vnd.tcpdump.pcap";
    static final String PEM = "application/x-pem-file";

    private final EvidenceDesk desk;
    private final Work work;
    private final Refusals refusals = new Refusals();

    EvidencePages(EvidenceDesk desk, Work work) {
        this.desk = desk;
        this.work = work;
    }

    /** A finding's bundle; those who may not have it are written down. */
    Route.Page exporting() {
        return new Audited(
                work,
                refusals,
                request -> bundle("finding", desk.finding(request.tail(), request.sender())),
                (sender, uid) -> desk.refused(uid, sender));
    }

    /** What was captured for a finding, likewise. */
    Route.Page capture() {
        return new Audited(
                work,
                refusals,
                request -> answer(PCAPNG, "capture.pcapng", desk.capture(request.tail(), request.sender())),
                (sender, uid) -> desk.refused(uid, sender));
    }

    private record Captures(List<CaptureFolder.Capture> captures) {}

    CompletionStage<Answer> captures(Request request) {
        return work.off(() -> Answer.json(HttpResponseStatus.OK, new Captures(desk.captures())));
    }

    CompletionStage<Answer> coverage(Request request) {
        return work.off(() -> bundle("coverage", desk.coverage()));
    }

    CompletionStage<Answer> key(Request request) {
        return Answer.text(HttpResponseStatus.OK, PEM, desk.publicKey()).done();
    }

    private static Answer bundle(String name, EvidenceDesk.Result result) {
        return answer(ZIP, name + ".zip", result);
    }

    private static Answer answer(String type, String name, EvidenceDesk.Result result) {
        return switch (result.end()) {
            case DONE ->
                new Answer(HttpResponseStatus.OK, type, result.bundle(), Map.of())
                        .with("content-disposition", "attachment; filename=\"" + name + "\"");
            case ABSENT ->
                Answer.problem(
                        HttpResponseStatus.NOT_FOUND, "there is no finding of this id, or nothing was captured for it");
            case NOT_AUDITED ->
                Answer.problem(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "the audit log cannot be written; nothing is handed over");
            case FAILED ->
                Answer.problem(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "what it is made of cannot be read; the log says why");
        };
    }
}
