package io.postern.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HttpRepliesTest {

    /** Whoever gets one could otherwise write into everybody's. */
    @Test
    void whatAllFlowsShareCannotBeWrittenTo() {
        ByteBuf one = HttpReplies.established();
        one.readerIndex(one.writerIndex());

        assertThat(one.isReadOnly()).isTrue();
        assertThat(one.isWritable()).isFalse();
        assertThatThrownBy(() -> one.setByte(0, 'X')).isInstanceOf(ReadOnlyBufferException.class);
        assertThat(HttpReplies.established().toString(StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 200 Connection established\r\n\r\n");
        assertThat(one.hasMemoryAddress()).as("sent as it is, not copied").isTrue();
    }
}
