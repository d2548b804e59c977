package io.postern.dns.resolve;

import io.postern.wire.ip.HostText;
import java.util.concurrent.CompletionStage;

/** Name to addresses. */
public interface Names {

    /**
     * Finds all addresses of an absolute name. Never blocks; what goes wrong outside is an {@link Answer.Failed}, and
     * the stage fails only by a fault of ours.
     */
    CompletionStage<Answer> resolve(HostText.Name name);
}
