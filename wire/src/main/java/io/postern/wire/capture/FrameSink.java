package io.postern.wire.capture;

/** Takes the frames of a capture in the order of the file. */
@FunctionalInterface
public interface FrameSink {

    /** @param frame good until this returns; the next one is written over it */
    void frame(Frame frame);
}
