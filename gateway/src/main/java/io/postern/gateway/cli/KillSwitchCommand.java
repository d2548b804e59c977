package io.postern.gateway.cli;

import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code kill-switch}: enforcement off and on, by the admin API of a running gateway. */
@Command(
        name = "kill-switch",
        description = "Switches enforcement off: policy, findings and quarantine then only alert.",
        mixinStandardHelpOptions = true)
final class KillSwitchCommand implements Runnable {

    private static final String PATH = "/v1/kill-switch";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "show, on or off?");
    }

    /** Why, and how it is told. */
    static final class Turning {
        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
        private String reason = "";

        @Option(names = "--json", description = "Prints one JSON object.")
        private boolean json;
    }

    @Command(name = "show", description = "Tells whether enforcement is switched off.", mixinStandardHelpOptions = true)
    int show(@Mixin AdminAccess access, @Option(names = "--json", description = "Prints one JSON object.") boolean json)
            throws IOException {
        return told(access.client().get(PATH, Map.of()), json);
    }

    @Command(name = "on", description = "Switches enforcement off.", mixinStandardHelpOptions = true)
    int on(@Mixin AdminAccess access, @Mixin Turning turning) throws IOException {
        return turn(access, turning, true);
    }

    @Command(name = "off", description = "Switches enforcement on again.", mixinStandardHelpOptions = true)
    int off(@Mixin AdminAccess access, @Mixin Turning turning) throws IOException {
        return turn(access, turning, false);
    }

    private int turn(AdminAccess access, Turning turning, boolean on) throws IOException {
        return told(
                access.client()
                        .put(
                                PATH,
                                JsonMapper.shared()
                                        .createObjectNode()
                                        .put("on", on)
                                        .put("reason", turning.reason)),
                turning.json);
    }

    private int told(JsonNode state, boolean json) {
        boolean on = state.get("on").asBoolean();
        String who = state.get("by_setting").asBoolean()
                ? "the settings"
                : state.path("actor").asString("");
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? state.toString()
                                : "kill switch " + (on ? "on" : "off") + (who.isEmpty() ? "" : " by " + who)
                                        + (state.path("stored").asBoolean(true)
                                                ? ""
                                                : ", not stored: it stands as it was after a restart"));
        return Postern.OK;
    }
}
