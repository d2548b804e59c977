package io.postern.gateway.http;

import io.netty.handler.codec.http.HttpResponseStatus;

/** Ends a request; carries the answer. */
public final class Refused extends Exception {
    private final transient Answer answer;

    public Refused(HttpResponseStatus status, String detail) {
        this(Answer.problem(status, detail));
    }

    public Refused(Answer answer) {
        super("", null, false, false);
        this.answer = answer;
    }

    public Answer answer() {
        return answer;
    }
}
