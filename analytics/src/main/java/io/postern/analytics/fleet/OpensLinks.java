package io.postern.analytics.fleet;

import io.postern.analytics.flow.AppTag;

/**
 * A link in the app opens in a Custom Tab: the browser's process carries what the app began.
 *
 * @param chance that a look at the app ends in one
 */
record OpensLinks(Browses browser, String carrier, double chance) implements Behaviour {
    @Override
    public void play(Scene scene) {
        AppTag tag = scene.app.tag.of(carrier);
        for (Stretch stretch : scene.looks()) {
            if (stretch.to() - stretch.from() > 20 * Times.SECOND
                    && scene.dice().chance(chance)) {
                browser.read(scene, tag, stretch.to() - 15 * Times.SECOND, stretch.to());
            }
        }
    }
}
