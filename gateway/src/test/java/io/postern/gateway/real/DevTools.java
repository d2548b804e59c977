package io.postern.gateway.real;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One page of a browser, driven by the DevTools protocol, where a password for a proxy can be given: a command line and a
 * user who is not there cannot.
 */
final class DevTools implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String user;
    private final String password;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final WebSocket socket;
    private final String session;
    /** One message at a time may be on its way out. */
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);

    /**
     * @param browser what the browser says it listens on for DevTools
     * @param credentials {@code user:password}, for whoever asks
     */
    DevTools(URI browser, String credentials) {
        user = credentials.substring(0, credentials.indexOf(':'));
        password = credentials.substring(credentials.indexOf(':') + 1);
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(browser, new Listener())
                .join();
        String target = call(null, "Target.createTarget", Map.of("url", "about:blank"))
                .at("/targetId")
                .asString();
        session = call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .at("/sessionId")
                .asString();
        call(session, "Fetch.enable", Map.of("handleAuthRequests", true));
    }

    void open(String url) {
        navigate(url);
    }

    /** What the browser's page of errors would name, as {@code net::ERR_…}; nothing where a page came, whatever its status. */
    String navigate(String url) {
        return call(session, "Page.navigate", Map.of("url", url))
                .at("/errorText")
                .asString("");
    }

    /** What an expression is, as text. */
    String evaluate(String expression) {
        return call(session, "Runtime.evaluate", Map.of("expression", expression))
                .at("/result/value")
                .asString();
    }

    private JsonNode call(@Nullable String within, String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        send(id, within, method, parameters);
        JsonNode message = answer.orTimeout(60, TimeUnit.SECONDS).join();
        if (message.has("error")) {
            throw new AssertionError(method + ": " + message.at("/error"));
        }
        return message.at("/result");
    }

    private synchronized void send(int id, @Nullable String within, String method, Map<String, ?> parameters) {
        Map<String, ?> command = within == null
                ? Map.of("id", id, "method", method, "params", parameters)
                : Map.of("id", id, "method", method, "params", parameters, "sessionId", within);
        String text = JSON.writeValueAsString(command);
        sending = sending.thenCompose(before -> socket.sendText(text, true));
    }

    private void heard(JsonNode message) {
        String request = message.at("/params/requestId").asString("");
        switch (message.at("/method").asString("")) {
            case "Fetch.requestPaused" -> tell("Fetch.continueRequest", Map.of("requestId", request));
            case "Fetch.authRequired" ->
                tell(
                        "Fetch.continueWithAuth",
                        Map.of(
                                "requestId",
                                request,
                                "authChallengeResponse",
                                Map.of("response", "ProvideCredentials", "username", user, "password", password)));
            default -> {
                CompletableFuture<JsonNode> waiting =
                        asked.remove(message.at("/id").asInt(0));
                if (waiting != null) {
                    waiting.complete(message);
                }
            }
        }
    }

    private void tell(String method, Map<String, ?> parameters) {
        send(ids.incrementAndGet(), session, method, parameters);
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                heard(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
