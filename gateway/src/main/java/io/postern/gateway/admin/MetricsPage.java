package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.http.Answer;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.ScrapeFormat;
import java.util.concurrent.CompletionStage;

/** What does it count? */
final class MetricsPage {

    private final Meters meters;

    MetricsPage(Meters meters) {
        this.meters = meters;
    }

    CompletionStage<Answer> show(Request request) {
        ScrapeFormat format = ScrapeAccept.format(request.accept());
        return Answer.text(HttpResponseStatus.OK, format.contentType(), meters.scrape(format))
                .done();
    }
}
