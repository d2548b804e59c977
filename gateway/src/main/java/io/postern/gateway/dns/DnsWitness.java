package io.postern.gateway.dns;

/** Told of every question of somebody who may ask, on the loop that answers it; never waits. */
public interface DnsWitness {

    void answered(DnsAnswered question);
}
