package io.postern.gateway.rules;

import io.postern.analytics.flow.AppTag;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A name that somebody wants to find.
 *
 * @param client from where it is asked
 * @param answers addresses that the answer leads to; none before there is one
 */
public record NameQuestion(AppTag who, InetAddress client, String name, List<InetAddress> answers) {

    public NameQuestion {
        answers = List.copyOf(answers);
    }

    /** Before there is an answer. */
    public NameQuestion(AppTag who, InetAddress client, String name) {
        this(who, client, name, List.of());
    }

    /** The same once it is known where it leads. */
    public NameQuestion leadingTo(List<InetAddress> addresses) {
        return new NameQuestion(who, client, name, addresses);
    }

    /** Before anybody says what for: its port is none that a rule can name. */
    Question question() {
        return Question.atOpen(who, Optional.of(name), Optional.empty(), 0).from(client);
    }
}
