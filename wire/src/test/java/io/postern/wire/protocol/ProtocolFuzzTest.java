package io.postern.wire.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.FuzzedCuts;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.List;

/** Certain stays certain at every cut. */
class ProtocolFuzzTest {

    private static final List<Parser<?>> PARSERS = List.of(new DnsQueryParser(), new Http2PrefaceParser());

    @FuzzTest
    void readsAnything(byte[] bytes) {
        PARSERS.forEach(parser -> agree(parser, bytes));
    }

    private static <T> void agree(Parser<T> parser, byte[] bytes) {
        FuzzedCuts.agree(parser, bytes, parser.parse(ByteBuffer.wrap(bytes)));
    }
}
