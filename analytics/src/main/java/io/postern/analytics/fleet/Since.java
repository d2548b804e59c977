package io.postern.analytics.fleet;

/**
 * What a version of the app brings, and those after it do too.
 *
 * @param version see {@link Releases}
 */
record Since(int version, Behaviour what) implements Behaviour {
    @Override
    public void play(Scene scene) {
        if (scene.version() >= version) {
            what.play(scene);
        }
    }

    @Override
    public String label() {
        return what.label() + " since version " + version;
    }
}
