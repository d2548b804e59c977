package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.SECOND;

import io.postern.analytics.context.ContextEvent.UsedResource.Resource;

/**
 * Uses something protected, or encrypts, while somebody looks.
 *
 * @param chance that a look at the app does
 * @param encrypts whether it also works on data with a cipher
 */
record Uses(Resource resource, double chance, boolean encrypts) implements Behaviour {
    @Override
    public void play(Scene scene) {
        Dice dice = scene.dice();
        for (Stretch stretch : scene.looks()) {
            if (dice.chance(chance)) {
                long at = stretch.from() + SECOND;
                scene.agent().used(scene.app, resource, at);
                if (encrypts) {
                    scene.agent().encrypted(scene.app, 2_000 + dice.upTo(4_000), at + SECOND);
                }
            }
        }
    }
}
