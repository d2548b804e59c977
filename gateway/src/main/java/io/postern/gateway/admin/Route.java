package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.postern.config.AdminRole;
import io.postern.gateway.http.Reply;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the API.
 *
 * @param path has {@code {name}} where what stands there, slashes and all, names the thing meant: at its end, or before a last
 *     word
 * @param role what the sender must have; absent: nobody is asked who they are
 * @param parameters of the query, all there are
 * @param takes type of the body; absent: there is none
 * @param makes types it can answer with, the usual first; empty: it looks at {@code Accept} itself
 * @param answers statuses of its own; those of every route come on top
 */
record Route(
        HttpMethod method,
        String path,
        Optional<AdminRole> role,
        Set<String> parameters,
        Optional<String> takes,
        List<String> makes,
        Set<Integer> answers,
        Page page) {

    /** Called on the admin's event loop, which it must not block. */
    interface Page {
        CompletionStage<? extends Reply> answer(Request request);

        /** Told of somebody known whose role does not cover the route's. */
        default void forbidden(Sender sender, String tail, String query) {}
    }

    private static final Pattern TAIL = Pattern.compile("(.*/)\\{[a-z]+}(/[a-z]+)?");

    /** What the path names beyond what all of this route have in common, still encoded; empty when it is not of it. */
    Optional<String> tail(String asked) {
        Matcher tail = TAIL.matcher(path);
        if (!tail.matches()) {
            return path.equals(asked) ? Optional.of("") : Optional.empty();
        }
        String before = tail.group(1);
        String behind = Optional.ofNullable(tail.group(2)).orElse("");
        return asked.length() > before.length() + behind.length() && asked.startsWith(before) && asked.endsWith(behind)
                ? Optional.of(asked.substring(before.length(), asked.length() - behind.length()))
                : Optional.empty();
    }

    static Route open(HttpMethod method, String path, Page page, Integer... answers) {
        return new Route(method, path, Optional.empty(), Set.of(), Optional.empty(), List.of(), Set.of(answers), page);
    }

    static Route of(HttpMethod method, String path, AdminRole role, Page page, Integer... answers) {
        return new Route(method, path, Optional.of(role), Set.of(), Optional.empty(), List.of(), Set.of(answers), page);
    }

    Route parameters(String... names) {
        return new Route(method, path, role, Set.of(names), takes, makes, answers, page);
    }

    Route takes(String type) {
        return new Route(method, path, role, parameters, Optional.of(type), makes, answers, page);
    }

    Route makes(String... types) {
        return new Route(method, path, role, parameters, takes, List.of(types), answers, page);
    }
}
