package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.http.Answer;
import io.postern.gateway.shadow.Shadow;
import java.util.concurrent.CompletionStage;

/** {@code GET /v1/policy/shadow}: what rules would have done were they enforced. */
final class ShadowPages {

    private final Shadow shadow;
    private final Work work;

    ShadowPages(Shadow shadow, Work work) {
        this.shadow = shadow;
        this.work = work;
    }

    CompletionStage<Answer> show(Request request) {
        return work.read(() -> Answer.json(HttpResponseStatus.OK, shadow.report()));
    }
}
