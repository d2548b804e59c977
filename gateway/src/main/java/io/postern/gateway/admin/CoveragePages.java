package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.http.Answer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.CompletionStage;

/** What share of the flows each analytic could judge; with a digest of the text, for whoever signs and keeps it. */
final class CoveragePages {

    private final Coverage coverage;

    CoveragePages(Coverage coverage) {
        this.coverage = coverage;
    }

    CompletionStage<Answer> show(Request request) {
        Answer answer = Answer.json(HttpResponseStatus.OK, coverage.report());
        return answer.with("content-digest", digest(answer.body())).done();
    }

    /** RFC 9530 section 2. */
    private static String digest(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
