package io.postern.gateway.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain}: a finding or a flow in words, by the admin API of a running gateway. */
@Command(
        name = "explain",
        description = {
            "Explains a finding: what was seen, why it matters, the evidence, and what would silence it;",
            "or a flow that lives or ended a short while ago: what it was, and every rule that matched."
        },
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private AdminAccess access = new AdminAccess();

    @Parameters(paramLabel = "ID", description = "Of a finding, as 'finding list' names it, or of a flow.")
    private String id = "";

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        AdminClient client = access.client();
        String path = "/v1/explain/" + AdminClient.encoded(id);
        spec.commandLine().getOut().print(json ? client.get(path, Map.of()) + "\n" : client.text(path));
        spec.commandLine().getOut().flush();
        return Postern.OK;
    }
}
