package io.postern.gateway.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.config.AdminRole;
import io.postern.config.document.Reading;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.HttpProblem;
import io.postern.gateway.http.Refused;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.wire.ip.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** {@code /v1/addresses}: whose the inner addresses of tunnels are. */
final class AddressPages {

    private final AddressDesk desk;
    private final Work work;
    private final Pseudonyms names;
    private final Refusals refusals = new Refusals();

    AddressPages(AddressDesk desk, Work work) {
        this(desk, work, Pseudonyms.NONE);
    }

    /** @param names what devices are called */
    AddressPages(AddressDesk desk, Work work, Pseudonyms names) {
        this.desk = desk;
        this.work = work;
        this.names = names;
    }

    /** @param next cursor of the next page; absent on the last */
    record Page(
            List<AddressDesk.Address> addresses,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> next) {}

    CompletionStage<Answer> list(Request request) {
        if (names.on() && !request.covers(AdminRole.ADMIN)) {
            // Who sees whose addresses are need not ask anybody whose pseudonyms are.
            return Answer.problem(
                            HttpResponseStatus.FORBIDDEN, "while devices have pseudonyms this is for the role admin")
                    .done();
        }
        Optional<AddressCursor> after =
                Optional.ofNullable(request.query().get("cursor")).flatMap(AddressCursor::parse);
        if (request.query().containsKey("cursor") && after.isEmpty()) {
            return Answer.problem(HttpResponseStatus.BAD_REQUEST, "cursor must be one that a page gave")
                    .done();
        }
        try {
            int limit = FlowQuery.limit(request.query());
            Optional<String> device = Optional.ofNullable(request.query().get("device"));
            return work.off(() -> page(desk.list(device, after, limit + 1), limit));
        } catch (Refused refused) {
            return refused.answer().done();
        }
    }

    private static Answer page(List<AddressDesk.Address> found, int limit) {
        List<AddressDesk.Address> page = found.subList(0, Math.min(limit, found.size()));
        return Answer.json(
                HttpResponseStatus.OK,
                new Page(
                        page,
                        found.size() > limit
                                ? Optional.of(AddressCursor.text(page.get(limit - 1)))
                                : Optional.empty()));
    }

    Route.Page putting() {
        return new Change(false, prefix -> request -> {
            Reading<AddressBody> body = AddressBody.read(request.body());
            Optional<AddressBody> meant = body.value()
                    .flatMap(read -> names.meant(read.owner().device(), request.covers(AdminRole.ADMIN))
                            .map(read::of));
            if (body.value().isPresent() && meant.isEmpty()) {
                return refused(
                        false,
                        prefix.toString(),
                        request.sender(),
                        Answer.problem(HttpResponseStatus.FORBIDDEN, "device " + Pseudonyms.REFUSED));
            }
            return meant.map(read -> answer(desk.assign(prefix, read.owner(), read.ttl(), request.sender())))
                    .orElseGet(() -> refused(
                            false,
                            prefix.toString(),
                            request.sender(),
                            Answer.problem(HttpProblem.of(
                                    HttpResponseStatus.UNPROCESSABLE_ENTITY,
                                    "the body does not say whose it is; nothing has changed",
                                    body.problems()))));
        });
    }

    Route.Page deleting() {
        return new Change(true, prefix -> request -> answer(desk.release(prefix, request.sender())));
    }

    /** One of a prefix; those who may not are written down as well. */
    private final class Change implements Route.Page {

        private final boolean release;
        private final Function<Prefix, Function<Request, Answer>> how;

        Change(boolean release, Function<Prefix, Function<Request, Answer>> how) {
            this.release = release;
            this.how = how;
        }

        @Override
        public CompletionStage<Answer> answer(Request request) {
            try {
                Prefix prefix = Prefix.parse(request.tail());
                return refusals.unlessTooMany(
                        request.peer(), () -> work.off(() -> how.apply(prefix).apply(request)));
            } catch (IllegalArgumentException notAPrefix) {
                return Answer.problem(
                                HttpResponseStatus.BAD_REQUEST,
                                "the path must end with an IP address or ADDRESS/LENGTH, no bit set beyond its length")
                        .done();
            }
        }

        @Override
        public void forbidden(Sender sender, String tail, String query) {
            if (!refusals.tooMany(sender.peer())) {
                refusals.count(sender.peer());
                work.off(() -> refused(
                        release,
                        tail,
                        sender,
                        Answer.problem(HttpResponseStatus.FORBIDDEN, "the role does not cover this")));
            }
        }
    }

    private Answer refused(boolean release, String prefix, Sender sender, Answer answer) {
        return desk.refused(release, prefix, sender) ? answer : notAudited();
    }

    private static Answer answer(AddressDesk.Result result) {
        return switch (result.end()) {
            case ASSIGNED ->
                Answer.json(HttpResponseStatus.CREATED, result.address().orElseThrow());
            case REPLACED, RELEASED ->
                Answer.json(HttpResponseStatus.OK, result.address().orElseThrow());
            case ABSENT ->
                Answer.problem(
                        HttpResponseStatus.NOT_FOUND,
                        "nobody has said here whose it is; the file and RADIUS have their own ways");
            case FULL ->
                Answer.problem(
                        HttpResponseStatus.CONFLICT,
                        "there are as many as there may be; keep them in identity.addresses-file");
            case FAILED ->
                Answer.problem(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "it could not be stored, nothing has changed; the log says why, by the id");
            case NOT_AUDITED -> notAudited();
            case END_NOT_AUDITED ->
                Answer.problem(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "it has changed, but the audit log could not be told its end");
        };
    }

    private static Answer notAudited() {
        return Answer.problem(
                HttpResponseStatus.SERVICE_UNAVAILABLE, "the audit log cannot be written; nothing has changed");
    }
}
