package io.postern.gateway.rules;

import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.NameList;
import io.postern.dns.names.Listed;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A name that somebody wants to find.
 *
 * @param client from where it is asked
 * @param aliases names that the answer leads through, in their order; none before there is one
 * @param answers addresses that the answer leads to; none before there is one
 */
public record NameQuestion(
        AppTag who, InetAddress client, String name, List<String> aliases, List<InetAddress> answers) {

    public NameQuestion {
        aliases = List.copyOf(aliases);
        answers = List.copyOf(answers);
    }

    /** Before there is an answer. */
    public NameQuestion(AppTag who, InetAddress client, String name) {
        this(who, client, name, List.of(), List.of());
    }

    /** The same once it is known where it leads. */
    public NameQuestion leadingTo(List<String> through, List<InetAddress> addresses) {
        return new NameQuestion(who, client, name, through, addresses);
    }

    /** What a list says of it, unless it is not on that. */
    Optional<Listed> on(NameList list) {
        return list.find(client, name, aliases, answers);
    }

    /** Before anybody says what for: its port is none that a rule can name. */
    Question question() {
        return Question.atOpen(who, Optional.of(name), Optional.empty(), 0).from(client);
    }
}
