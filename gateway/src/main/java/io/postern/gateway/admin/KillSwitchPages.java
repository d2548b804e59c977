package io.postern.gateway.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.config.document.Reading;
import io.postern.gateway.admin.QuarantineDesk.Change;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.HttpProblem;
import io.postern.gateway.quarantine.KillSwitch;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@code /v1/kill-switch}: whether enforcement is switched off. */
final class KillSwitchPages {

    private final QuarantineDesk desk;
    private final Work work;
    private final Refusals refusals = new Refusals();

    KillSwitchPages(QuarantineDesk desk, Work work) {
        this.desk = desk;
        this.work = work;
    }

    /**
     * How it stands.
     *
     * @param bySetting whether the settings switch enforcement off, which nobody undoes here
     * @param actor who turned it last; null: nobody
     * @param stored false where a restart undoes what was just done
     * @param audited whether the audit log was told of that
     */
    record Shown(
            boolean on,
            @JsonProperty("by_setting") boolean bySetting,
            Optional<String> actor,
            Optional<String> reason,
            Optional<String> since,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Boolean> stored,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Boolean> audited) {

        static Shown of(KillSwitch killSwitch) {
            return of(killSwitch, Optional.empty());
        }

        /** @param audited where it could not be stored, whether the audit log was told */
        private static Shown of(KillSwitch killSwitch, Optional<Boolean> audited) {
            Optional<KillSwitch.State> turned = Optional.of(killSwitch.state())
                    .filter(state -> !state.actor().isEmpty());
            return new Shown(
                    killSwitch.on(),
                    killSwitch.bySetting(),
                    turned.map(KillSwitch.State::actor),
                    turned.map(KillSwitch.State::reason),
                    turned.map(
                            state -> Instant.ofEpochMilli(state.sinceMillis()).toString()),
                    audited.map(any -> false),
                    audited);
        }
    }

    CompletionStage<Answer> show(Request request) {
        return Answer.json(HttpResponseStatus.OK, Shown.of(desk.killSwitch())).done();
    }

    Route.Page turning() {
        return new Audited(
                work, refusals, this::turn, (sender, tail) -> desk.refused(Change.KILL_SWITCH, tail, sender));
    }

    private Answer turn(Request request) {
        Reading<KillSwitchBody> body = KillSwitchBody.read(request.body());
        if (body.value().isEmpty()) {
            return refused(
                    request,
                    Answer.problem(HttpProblem.of(
                            HttpResponseStatus.UNPROCESSABLE_ENTITY,
                            "the body does not say which way and why; nothing has changed",
                            body.problems())));
        }
        if (desk.killSwitch().bySetting()) {
            return refused(
                    request,
                    Answer.problem(
                            HttpResponseStatus.CONFLICT,
                            "response.kill-switch says so; change the settings, nothing has changed"));
        }
        return switch (desk.turn(body.value().get(), request.sender())) {
            case END_NOT_AUDITED -> Audited.endNotAudited();
            case NOT_STORED -> Answer.json(HttpResponseStatus.OK, Shown.of(desk.killSwitch(), Optional.of(true)));
            case NEITHER_STORED_NOR_AUDITED ->
                Answer.json(HttpResponseStatus.OK, Shown.of(desk.killSwitch(), Optional.of(false)));
            default -> Answer.json(HttpResponseStatus.OK, Shown.of(desk.killSwitch()));
        };
    }

    private Answer refused(Request request, Answer answer) {
        return desk.refused(Change.KILL_SWITCH, "", request.sender()) ? answer : Audited.notAudited();
    }
}
