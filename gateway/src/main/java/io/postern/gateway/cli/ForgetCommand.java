package io.postern.gateway.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code forget}: nothing is held of a device any more, by the admin API of a running gateway. */
@Command(
        name = "forget",
        description = {
            "Erases what the gateway holds of one device: lines of records, findings, facts, what was learnt",
            "of it, captures. For the role admin; who asked and why is in the audit log before, and stays.",
            "Exit 0 once it is erased on the disk; what stays is said."
        },
        mixinStandardHelpOptions = true)
final class ForgetCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private AdminAccess access = new AdminAccess();

    @Parameters(paramLabel = "DEVICE", description = "Its id, or a pseudonym as records have it.")
    private String device = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason = "";

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ObjectNode wish =
                JsonMapper.shared().createObjectNode().put("device", device).put("reason", reason);
        JsonNode answer = access.client().post("/v1/devices/forget", wish);
        while (answer.has("state")) {
            rest();
            answer = access.client().post("/v1/devices/forget", wish);
        }
        if (json) {
            spec.commandLine().getOut().println(answer);
        } else {
            print(answer);
        }
        return Postern.OK;
    }

    /** It goes on in the gateway; each question waits some seconds for its end. */
    private static void rest() throws IOException {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; the gateway goes on erasing", e);
        }
    }

    private void print(JsonNode answer) {
        answer.path("erased")
                .properties()
                .forEach(each -> spec.commandLine()
                        .getOut()
                        .println("erased " + Table.plain(each.getKey()).replace('_', ' ') + ": "
                                + each.getValue().asLong()));
        answer.path("kept")
                .properties()
                .forEach(each -> spec.commandLine()
                        .getOut()
                        .println("kept " + Table.plain(each.getKey()) + ": "
                                + each.getValue().asLong() + " lines"));
    }
}
