package io.postern.analytics.finding;

/**
 * What an exception is good for, by the findings that are kept.
 *
 * @param used findings that it excuses
 * @param lastMillis when one of them was seen last; 0 if there is none
 * @param exceeded findings of whom it was written for that it does not excuse
 * @param inForce whether its day has not come
 */
public record ExcuseUse(Excuse excuse, int used, long lastMillis, int exceeded, boolean inForce) {

    public boolean unused() {
        return used == 0;
    }
}
