package io.postern.analytics.flow;

/**
 * What all state is kept by: one app of one profile of one device. The app is a package, the packages of one UID
 * (see {@link AppTag#app}) or {@link AppTag#NOBODY}, which is an app of its own.
 */
public record AppKey(String device, String profile, String app) {

    public static AppKey of(AppTag tag) {
        return new AppKey(tag.device(), tag.profile(), tag.app());
    }

    /** Whether it is known which app it is. */
    public boolean named() {
        return !app.equals(AppTag.NOBODY);
    }
}
