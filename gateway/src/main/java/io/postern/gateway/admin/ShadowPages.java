package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.Refused;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.shadow.Shadow;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** {@code GET /v1/policy/shadow}: what rules would have done were they enforced. */
final class ShadowPages {

    private static final String BY = "by";

    private final Shadow shadow;
    private final Work work;
    private final Pseudonyms names;

    /** @param names what devices are called */
    ShadowPages(Shadow shadow, Work work, Pseudonyms names) {
        this.shadow = shadow;
        this.work = work;
        this.names = names;
    }

    CompletionStage<Answer> show(Request request) {
        try {
            Supplier<Shadow.Report<?>> report = report(request.query().getOrDefault(BY, "app"));
            return work.read(() -> Answer.json(HttpResponseStatus.OK, report.get()));
        } catch (Refused refused) {
            return refused.answer().done();
        }
    }

    private Supplier<Shadow.Report<?>> report(String by) throws Refused {
        return switch (by) {
            case "app" -> shadow::byApp;
            case "device" -> () -> shadow.byDevice(names::of);
            default -> throw new Refused(HttpResponseStatus.BAD_REQUEST, "by must be app or device");
        };
    }
}
