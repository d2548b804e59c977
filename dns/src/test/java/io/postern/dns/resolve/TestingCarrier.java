package io.postern.dns.resolve;

import io.postern.dns.forward.Carrier;
import io.postern.dns.forward.Inquiry;
import io.postern.dns.forward.Inquiry.Step;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Carries each inquiry on a thread of its own, by sockets that wait. */
final class TestingCarrier implements Carrier {

    @Override
    public void carry(Inquiry inquiry, Consumer<Step.Done> done) {
        Thread thread = new Thread(
                () -> {
                    Step step = inquiry.begin();
                    while (step instanceof Step.Send send) {
                        step = send.tcp() ? byTcp(send, inquiry) : byUdp(send, inquiry);
                    }
                    done.accept((Step.Done) step);
                },
                "testing-carrier");
        thread.setDaemon(true);
        thread.start();
    }

    private static Step byUdp(Step.Send send, Inquiry inquiry) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(send.server().address());
            socket.setSoTimeout((int) send.patience().toMillis());
            socket.send(new DatagramPacket(send.message(), send.message().length));
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            while (true) {
                socket.receive(packet);
                Step step = inquiry.received(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (!(step instanceof Step.Wait)) {
                    return step;
                }
            }
        } catch (SocketTimeoutException silent) {
            return inquiry.timedOut();
        } catch (IOException unreachable) {
            return inquiry.unreachable();
        }
    }

    private static Step byTcp(Step.Send send, Inquiry inquiry) {
        try (Socket socket = new Socket()) {
            int patience = (int) send.patience().toMillis();
            socket.connect(send.server().address(), patience);
            socket.setSoTimeout(patience);
            OutputStream out = socket.getOutputStream();
            ByteBuffer framed = ByteBuffer.allocate(2 + send.message().length);
            out.write(framed.putShort((short) send.message().length)
                    .put(send.message())
                    .array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            return inquiry.received(in.readNBytes(in.readUnsignedShort()));
        } catch (SocketTimeoutException silent) {
            return inquiry.timedOut();
        } catch (IOException unreachable) {
            return inquiry.failed();
        }
    }
}
