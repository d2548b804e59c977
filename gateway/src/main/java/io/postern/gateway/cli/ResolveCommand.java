package io.postern.gateway.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code resolve}: which device a pseudonym stands for, by the admin API of a running gateway. */
@Command(
        name = "resolve",
        description = {
            "Says which device a pseudonym stands for. For the role admin; who asked, for what and why is",
            "in the audit log before the answer."
        },
        mixinStandardHelpOptions = true)
final class ResolveCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private AdminAccess access = new AdminAccess();

    @Parameters(paramLabel = "PSEUDONYM", description = "As records have it, pd-…")
    private String pseudonym = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason = "";

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        JsonNode resolved = access.client()
                .post(
                        "/v1/devices/resolve",
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("pseudonym", pseudonym)
                                .put("reason", reason));
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? resolved.toString()
                                : Table.plain(resolved.get("device").asString()));
        return Postern.OK;
    }
}
