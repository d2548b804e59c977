package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.nio.NioSocketChannel;
import org.junit.jupiter.api.Test;

class FlowPipelineTest {

    /** A client that resets before it is looked at leaves a socket without another end, as one never connected. */
    @Test
    void aClientThatHasGoneComesFromNowhere() {
        NioSocketChannel gone = new NioSocketChannel();
        assertThat(FlowPipeline.source(gone)).isEmpty();
        gone.unsafe().closeForcibly();
    }
}
