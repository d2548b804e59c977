package io.postern.wire.dialogue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.FuzzedCuts;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.List;

/** Certain stays certain at every cut, and whatever either end says does no harm. */
class DialogueFuzzTest {

    private static final List<Parser<?>> PARSERS = List.of(
            new GreetingParser(),
            new FirstCommandParser(),
            new SshIdentificationParser(),
            new ClientLinesParser(),
            new ServerLinesParser());

    @FuzzTest
    void readsAnything(byte[] bytes) {
        PARSERS.forEach(parser -> agree(parser, bytes));
        for (Dialogue dialogue : Dialogue.values()) {
            StartTls watch = new StartTls(dialogue);
            watch.fromServer(ByteBuffer.wrap(bytes));
            watch.fromClient(ByteBuffer.wrap(bytes));
            watch.fromServer(ByteBuffer.wrap(bytes));
        }
    }

    private static <T> void agree(Parser<T> parser, byte[] bytes) {
        FuzzedCuts.agree(parser, bytes, parser.parse(ByteBuffer.wrap(bytes)));
    }
}
