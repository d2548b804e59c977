package io.postern.gateway.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;

/** Sends every datagram back to where it came from. */
final class EchoDatagrams implements AutoCloseable {

    private final DatagramSocket socket;

    private EchoDatagrams(DatagramSocket socket) {
        this.socket = socket;
    }

    static EchoDatagrams start() throws IOException {
        EchoDatagrams echo = new EchoDatagrams(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(echo::echo, "echo-datagrams");
        thread.setDaemon(true);
        thread.start();
        return echo;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void echo() {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        try {
            while (true) {
                packet.setLength(2048);
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
